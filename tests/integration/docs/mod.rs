//! What the pages say is true and in plain words: paths, the table of crates, circles between files, phrases.

mod architecture;
mod circles;
mod paths;
mod phrases;
