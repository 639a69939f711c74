//! What the pages say is true and in plain words: tests named by the threat model, paths, the table of crates, circles between files, phrases.

mod architecture;
mod circles;
mod paths;
mod phrases;
mod threat_model;
