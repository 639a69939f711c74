//! Names of miners and of mining protocols, and the difference between using one and speaking of one.

use crate::text::starts_with_ignoring_case;

const KEYWORDS: [&str; 5] = ["stratum+tcp", "stratum+ssl", "coinhive", "cryptonight", "xmrig"];
const SHORTEST: usize = "xmrig".len();
/// What functions that look for miners are called.
const LOOKING: &[&str] = &[
    "detect", "block", "is", "has", "find", "match", "scan", "check", "deny", "ban", "reject",
    "contains", "no", "anti", "looks", "kill",
];

/// Whether a text names a miner.
pub(crate) fn is_named(text: &str) -> bool {
    let text = text.as_bytes();
    // One pass by the keywords' first letters: most of what is asked about is a short name.
    text.len() >= SHORTEST
        && text.iter().enumerate().any(|(at, byte)| {
            matches!(byte | 0x20, b'c' | b's' | b'x')
                && KEYWORDS.iter().any(|keyword| starts_with_ignoring_case(text, at, keyword))
        })
}

/// Whether a text names a miner and is more than a sentence about one.
pub(crate) fn is_use(text: &str) -> bool {
    is_named(text) && !is_prose(text)
}

/// Whether a text is a miner's name and nothing else.
pub(crate) fn is_bare(text: &str) -> bool {
    let text = text.trim_end_matches("://");
    KEYWORDS.iter().any(|keyword| text.eq_ignore_ascii_case(keyword))
        || (is_named(text) && !text.contains(['/', ' ', ':', '=']) && text.len() < 24)
}

/// Whether an identifier names a miner and not a search for one.
pub(crate) fn is_name(identifier: &str) -> bool {
    is_named(identifier) && !LOOKING.iter().any(|word| identifier.starts_with(word))
}

/// Words in a row, without anything that belongs to a command, a path or an address.
fn is_prose(text: &str) -> bool {
    let mut words = 0;
    for word in text.split_whitespace() {
        words += 1;
        let plain = |byte: u8| {
            byte.is_ascii_alphabetic() || b".,:;!?'\"()-`".contains(&byte) || byte >= 0x80
        };
        let protocol = KEYWORDS.iter().any(|keyword| {
            word.trim_matches(|end: char| !end.is_ascii_alphanumeric())
                .eq_ignore_ascii_case(keyword)
        });
        if word.starts_with('-') || word.starts_with("./") || !(protocol || word.bytes().all(plain))
        {
            return false;
        }
    }
    words >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_and_mentions() {
        assert!(is_use("stratum+tcp://pool.invalid:3333"));
        assert!(is_use("xmrig"));
        assert!(is_use("https://coinhive.com/lib/coinhive.min.js"));
        assert!(is_use("nohup ./xmrig -o pool.invalid:3333 &"));
        assert!(is_use("CryptoNight"));
        assert!(!is_use("Detects coinhive, cryptonight and xmrig."));
        assert!(!is_use("mining"));
        assert!(is_name("CoinHive") && !is_name("detectCoinhive"));
        assert!(is_bare("xmrig") && is_bare("stratum+tcp://") && !is_bare("stratum+tcp://x"));
    }
}
