//! What a document says: data types and all checks that need no outside world.
