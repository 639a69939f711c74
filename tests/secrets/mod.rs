//! Secrets stay with the host. Canaries are planted wherever a config, a file, the environment or the command line can
//! hold a secret; none of them may reach an output or a module's memory.

mod canaries;
mod outputs;
mod spied;
mod world;
