//! The folder of the TEST authority under programs that are killed, and under many at once.

mod crowd;
mod kills;
mod observed;
mod program;
