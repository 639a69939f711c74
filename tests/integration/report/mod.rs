//! What the program prints and how it ends, seen from outside.

mod exits;
mod gateways;
mod locations;
mod outputs;
mod usage;
