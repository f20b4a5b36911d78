//! The national profile: subject, roles, who may sign what.
