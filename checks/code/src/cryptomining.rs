//! Names of miners and mining protocols, and whether a text uses one or only mentions it.

use crate::bytes::starts_with_ignore_case;

pub(crate) const MINERS: [&str; 5] =
    ["stratum+tcp", "stratum+ssl", "coinhive", "cryptonight", "xmrig"];
const MIN_LENGTH: usize = "xmrig".len();
/// How the names of functions that look for miners start.
const SEARCH_WORDS: &[&str] = &[
    "detect", "block", "is", "has", "find", "match", "scan", "check", "deny", "ban", "reject",
    "contains", "no", "anti", "looks", "kill",
];

/// Whether a text names a miner.
pub(crate) fn mentions_miner(text: &str) -> bool {
    let text = text.as_bytes();
    // One pass by the first letters: most texts are short identifiers.
    text.len() >= MIN_LENGTH
        && text.iter().enumerate().any(|(at, byte)| {
            matches!(byte | 0x20, b'c' | b's' | b'x')
                && MINERS.iter().any(|miner| starts_with_ignore_case(text, at, miner))
        })
}

/// Whether a text names a miner and is not just a sentence about one.
pub(crate) fn is_use(text: &str) -> bool {
    mentions_miner(text) && !is_prose(text)
}

/// Whether a text is the name of a miner and nothing else.
pub(crate) fn is_bare_name(text: &str) -> bool {
    let text = text.trim_end_matches("://");
    MINERS.iter().any(|miner| text.eq_ignore_ascii_case(miner))
        || (mentions_miner(text) && !text.contains(['/', ' ', ':', '=']) && text.len() < 24)
}

/// Whether an identifier names a miner, and not a function that looks for one.
pub(crate) fn is_miner_identifier(identifier: &str) -> bool {
    mentions_miner(identifier) && !SEARCH_WORDS.iter().any(|word| identifier.starts_with(word))
}

/// Whether a text is a sentence: words, without anything that belongs to a command, a path or an address.
fn is_prose(text: &str) -> bool {
    let mut words = 0;
    for word in text.split_whitespace() {
        words += 1;
        let plain = |byte: u8| {
            byte.is_ascii_alphabetic() || b".,:;!?'\"()-`".contains(&byte) || byte >= 0x80
        };
        let protocol = MINERS.iter().any(|miner| {
            word.trim_matches(|end: char| !end.is_ascii_alphanumeric()).eq_ignore_ascii_case(miner)
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
        assert!(is_miner_identifier("CoinHive") && !is_miner_identifier("detectCoinhive"));
        assert!(
            is_bare_name("xmrig")
                && is_bare_name("stratum+tcp://")
                && !is_bare_name("stratum+tcp://x")
        );
    }
}
