//! What the pages say is true and in plain words: tests named by the threat model, paths, the table of crates, phrases.

mod architecture;
mod paths;
mod phrases;
mod threat_model;
