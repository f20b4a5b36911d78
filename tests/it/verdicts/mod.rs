//! Each verdict once: one defect, the whole list of reasons.

mod authority;
mod evidence;
mod forms;
mod integrity;
mod order;
mod revocation;
mod signature;
mod time;
mod trust;
mod valid;
