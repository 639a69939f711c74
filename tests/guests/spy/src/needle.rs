//! Looks for a text that must not itself be in memory, or every search of the memory would find it.

/// A text of six letters, each one code further than it should be.
pub struct Needle([u8; 6]);

/// In every secret that a test plants.
pub const CANARY: Needle = Needle(*b"d5o5sz");

/// In values that are not secrets, to show that the search works.
pub const MARKER: Needle = Needle(*b"n5sl4s");

impl Needle {
    /// How often it occurs, in capitals or not.
    pub fn count(&self, bytes: impl Iterator<Item = u8>) -> usize {
        let mut found = 0;
        let mut matched = 0;
        for byte in bytes {
            let byte = byte.to_ascii_lowercase().wrapping_add(1);
            // The first letter is nowhere else in the text, so a failed match never hides another.
            matched = match self.0.get(matched) {
                Some(wanted) if *wanted == byte => matched + 1,
                _ => usize::from(self.0.first() == Some(&byte)),
            };
            if matched == self.0.len() {
                found += 1;
                matched = 0;
            }
        }
        found
    }
}

/// Every byte of this instance's memory.
#[cfg(target_family = "wasm")]
pub fn memory() -> impl Iterator<Item = u8> {
    let size = core::arch::wasm32::memory_size(0) * 64 * 1024;
    (1..size).map(|address| {
        // SAFETY: the address is within linear memory, all of which is initialised and readable.
        unsafe { core::ptr::read_volatile(core::ptr::without_provenance::<u8>(address)) }
    })
}

#[cfg(not(target_family = "wasm"))]
pub fn memory() -> impl Iterator<Item = u8> {
    std::iter::empty()
}
