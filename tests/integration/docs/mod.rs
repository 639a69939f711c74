//! What the pages say is true: tests named by the threat model are there and run.

mod threat_model;
