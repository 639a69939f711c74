//! Secret keys, in minisign's file format: what `chitin module keygen` writes and `chitin module sign` reads.
//!
//! The format is kept byte for byte, so that a key can move between the two programs. What is secret in memory is wiped
//! when it is dropped. Nothing here shows a secret key or a passphrase, also not in an error.

use blake2::{Blake2b256, Digest as _};
use data_encoding::BASE64;
use ed25519_dalek::{Signer as _, SigningKey};
use thiserror::Error;
use zeroize::Zeroizing;

use super::key::{ALGORITHM, KeyError, PublicKey, significant_line};

const SCRYPT: [u8; 2] = *b"Sc";
const PLAIN: [u8; 2] = [0, 0];
const BLAKE2: [u8; 2] = *b"B2";
/// Number, seed and public key, checksum: what is encrypted.
const SEALED: usize = 8 + 64 + 32;
const LENGTH: usize = 6 + 32 + 8 + 8 + SEALED;
/// Gives 2^17 rounds of scrypt with 128 MiB.
const WORK: Work = Work { operations: 1 << 22, memory: 1 << 27 };
/// minisign's own keys need 2^20; more is no honest key.
const MAX_LOG_ROUNDS: u8 = 20;
const MAX_PARALLEL: u32 = 16;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum SecretKeyError {
    #[error(
        "this is no minisign secret key: {0}. Give the key file that `chitin module keygen` wrote"
    )]
    Malformed(&'static str),
    #[error("this is a public key. Signing needs the secret key, the file without .pub")]
    Public,
    #[error("this key is of another algorithm than Ed25519. Make one with `chitin module keygen`")]
    Algorithm,
    #[error("the passphrase is wrong, or the key file is damaged")]
    WrongPassphrase,
    #[error("the key file is damaged: its two halves do not belong together")]
    Damaged,
    #[error("the key file asks for more work than any honest key does")]
    TooMuchWork,
    #[error("the passphrase is empty. Give one, or say --no-passphrase")]
    EmptyPassphrase,
    #[error(
        "no passphrase could be read: {0}. Set CHITIN_KEY_PASSPHRASE where there is no terminal"
    )]
    NoPassphrase(String),
    #[error("this machine gives no randomness")]
    NoRandomness,
}

impl From<KeyError> for SecretKeyError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Malformed(why) => Self::Malformed(why),
            KeyError::Algorithm => Self::Algorithm,
            KeyError::Weak | KeyError::Secret => Self::Damaged,
        }
    }
}

/// A passphrase, wiped when dropped.
pub type Passphrase = Zeroizing<String>;

/// A key that signs.
pub struct SecretKey {
    key: SigningKey,
    public: PublicKey,
    number: [u8; 8],
}

impl SecretKey {
    pub fn generate() -> Result<Self, SecretKeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        let mut number = [0; 8];
        getrandom::fill(seed.as_mut_slice()).map_err(|_| SecretKeyError::NoRandomness)?;
        getrandom::fill(&mut number).map_err(|_| SecretKeyError::NoRandomness)?;
        Self::new(SigningKey::from_bytes(&seed), number)
    }

    fn new(key: SigningKey, number: [u8; 8]) -> Result<Self, SecretKeyError> {
        let public = PublicKey::new(key.verifying_key(), number)?;
        Ok(Self { key, public, number })
    }

    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }

    /// Reads a secret key file; asks for the passphrase only if there is one.
    pub fn parse(
        text: &str,
        ask: impl FnOnce() -> Result<Passphrase, SecretKeyError>,
    ) -> Result<Self, SecretKeyError> {
        let bytes = BASE64
            .decode(significant_line(text)?.as_bytes())
            .map(Zeroizing::new)
            .map_err(|_| SecretKeyError::Malformed("it is not base64"))?;
        if !bytes.starts_with(&ALGORITHM) {
            return Err(SecretKeyError::Algorithm);
        }
        if bytes.len() == 42 {
            return Err(SecretKeyError::Public);
        }
        let file = File::read(&bytes).ok_or(SecretKeyError::Malformed("its length is wrong"))?;
        if file.checksum != BLAKE2 && file.derivation != PLAIN {
            return Err(SecretKeyError::Malformed("its checksum is of an unknown kind"));
        }
        let mut sealed = Zeroizing::new(*file.sealed);
        match file.derivation {
            PLAIN => {}
            SCRYPT => file.work.stream(&ask()?, file.salt, &mut sealed)?,
            _ => return Err(SecretKeyError::Malformed("it is encrypted in an unknown way")),
        }
        let (number, rest) = sealed.split_first_chunk::<8>().ok_or(SecretKeyError::Damaged)?;
        let (pair, checksum) = rest.split_first_chunk::<64>().ok_or(SecretKeyError::Damaged)?;
        // minisign leaves the checksum out where there is no passphrase to be wrong.
        let is_left_out = file.derivation == PLAIN && checksum.iter().all(|byte| *byte == 0);
        if !is_left_out && checksum != checksum_of(*number, pair) {
            return Err(SecretKeyError::WrongPassphrase);
        }
        let key = SigningKey::from_keypair_bytes(pair).map_err(|_| SecretKeyError::Damaged)?;
        Self::new(key, *number)
    }

    /// The secret key file, not encrypted.
    pub fn plain_file(&self) -> Zeroizing<String> {
        self.file(PLAIN, &[0; 32], Work { operations: 0, memory: 0 }, &self.opened())
    }

    /// The secret key file, encrypted.
    pub fn encrypted_file(
        &self,
        passphrase: &Passphrase,
    ) -> Result<Zeroizing<String>, SecretKeyError> {
        if passphrase.trim().is_empty() {
            return Err(SecretKeyError::EmptyPassphrase);
        }
        let mut salt = [0; 32];
        getrandom::fill(&mut salt).map_err(|_| SecretKeyError::NoRandomness)?;
        let mut sealed = self.opened();
        WORK.stream(passphrase, &salt, &mut sealed)?;
        Ok(self.file(SCRYPT, &salt, WORK, &sealed))
    }

    fn opened(&self) -> Zeroizing<[u8; SEALED]> {
        let pair = Zeroizing::new(self.key.to_keypair_bytes());
        let checksum = checksum_of(self.number, &pair);
        let mut opened = Zeroizing::new([0; SEALED]);
        let parts = self.number.iter().chain(pair.iter()).chain(&checksum);
        for (place, byte) in opened.iter_mut().zip(parts) {
            *place = *byte;
        }
        opened
    }

    fn file(
        &self,
        derivation: [u8; 2],
        salt: &[u8; 32],
        work: Work,
        sealed: &[u8; SEALED],
    ) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(LENGTH));
        for part in [
            &ALGORITHM[..],
            &derivation,
            &BLAKE2,
            salt,
            &work.operations.to_le_bytes(),
            &work.memory.to_le_bytes(),
            sealed,
        ] {
            bytes.extend_from_slice(part);
        }
        let line = Zeroizing::new(BASE64.encode(&bytes));
        let number = u64::from_le_bytes(self.number);
        let kind = if derivation == PLAIN { "unencrypted" } else { "encrypted" };
        Zeroizing::new(format!(
            "untrusted comment: minisign {kind} secret key {number:016X}\n{}\n",
            *line
        ))
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SecretKey(of {})", self.public.id())
    }
}

fn checksum_of(number: [u8; 8], pair: &[u8; 64]) -> [u8; 32] {
    Blake2b256::new()
        .chain_update(ALGORITHM)
        .chain_update(number)
        .chain_update(pair)
        .finalize()
        .into()
}

/// The parts of a key file.
struct File<'f> {
    derivation: [u8; 2],
    checksum: [u8; 2],
    salt: &'f [u8; 32],
    work: Work,
    sealed: &'f [u8; SEALED],
}

impl<'f> File<'f> {
    fn read(bytes: &'f [u8]) -> Option<Self> {
        let (_, rest) = bytes.split_first_chunk::<2>()?;
        let (derivation, rest) = rest.split_first_chunk::<2>()?;
        let (checksum, rest) = rest.split_first_chunk::<2>()?;
        let (salt, rest) = rest.split_first_chunk::<32>()?;
        let (operations, rest) = rest.split_first_chunk::<8>()?;
        let (memory, rest) = rest.split_first_chunk::<8>()?;
        let work = Work {
            operations: u64::from_le_bytes(*operations),
            memory: u64::from_le_bytes(*memory),
        };
        let sealed = rest.try_into().ok()?;
        Some(Self { derivation: *derivation, checksum: *checksum, salt, work, sealed })
    }
}

/// How hard it is to try a passphrase, as key files state it.
#[derive(Debug, Clone, Copy)]
struct Work {
    operations: u64,
    memory: u64,
}

impl Work {
    /// The parameters of scrypt that libsodium makes of it.
    fn parameters(self) -> Result<scrypt::Params, SecretKeyError> {
        const R: u64 = 8;
        let operations = self.operations.max(32_768);
        let log_rounds = |most: u64| (1..63).find(|log| 1_u64 << log > most / 2).unwrap_or(63);
        let (log_n, p) = if operations < self.memory / 32 {
            (log_rounds(operations / (R * 4)), 1)
        } else {
            let log_n = log_rounds(self.memory / (R * 128));
            (log_n, ((operations / 4) >> log_n).min(0x3fff_ffff) / R)
        };
        let p = u32::try_from(p).unwrap_or(u32::MAX);
        if log_n > MAX_LOG_ROUNDS || p > MAX_PARALLEL {
            return Err(SecretKeyError::TooMuchWork);
        }
        scrypt::Params::new(log_n, 8, p)
            .map_err(|_| SecretKeyError::Malformed("its parameters make no sense"))
    }

    /// Encrypts or decrypts: both mix the same stream in.
    fn stream(
        self,
        passphrase: &Passphrase,
        salt: &[u8; 32],
        sealed: &mut [u8; SEALED],
    ) -> Result<(), SecretKeyError> {
        let mut stream = Zeroizing::new([0; SEALED]);
        scrypt::scrypt(passphrase.as_bytes(), salt, &self.parameters()?, stream.as_mut_slice())
            .map_err(|_| SecretKeyError::Malformed("its parameters make no sense"))?;
        for (byte, mask) in sealed.iter_mut().zip(stream.iter()) {
            *byte ^= mask;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key that minisign made without a passphrase. It guards nothing.
    const PLAIN_FILE: &str = include_str!("testdata/minisign.key");
    /// The same key, encrypted with `correct horse` by another implementation of the format.
    const ENCRYPTED_FILE: &str = include_str!("testdata/minisign-encrypted.key");
    const PUBLIC_FILE: &str = include_str!("testdata/minisign.pub");

    fn passphrase(text: &str) -> Passphrase {
        Zeroizing::new(text.to_owned())
    }

    fn unasked() -> Result<Passphrase, SecretKeyError> {
        panic!("nothing is encrypted")
    }

    #[test]
    fn minisigns_own_keys_are_read() {
        let plain = SecretKey::parse(PLAIN_FILE, unasked).unwrap();
        assert_eq!(plain.public().file(), PUBLIC_FILE);
        let encrypted =
            SecretKey::parse(ENCRYPTED_FILE, || Ok(passphrase("correct horse"))).unwrap();
        assert_eq!(encrypted.public(), plain.public());
        assert!(plain.public().holds(b"text", &encrypted.sign(b"text")));
    }

    #[test]
    fn a_key_comes_back_from_its_file() {
        let key = SecretKey::generate().unwrap();
        let plain = SecretKey::parse(&key.plain_file(), unasked).unwrap();
        assert_eq!(plain.public(), key.public());
        let file = key.encrypted_file(&passphrase("p")).unwrap();
        let encrypted = SecretKey::parse(&file, || Ok(passphrase("p"))).unwrap();
        assert_eq!(encrypted.public(), key.public());
        assert_eq!(
            SecretKey::parse(&file, || Ok(passphrase("q"))).unwrap_err(),
            SecretKeyError::WrongPassphrase
        );
    }

    #[test]
    fn keys_are_made_anew_each_time() {
        let (one, other) = (SecretKey::generate().unwrap(), SecretKey::generate().unwrap());
        assert_ne!(one.public(), other.public());
        assert_ne!(*one.encrypted_file(&passphrase("p")).unwrap(), *one.plain_file());
    }

    #[test]
    fn an_empty_passphrase_is_no_passphrase() {
        let key = SecretKey::generate().unwrap();
        for empty in ["", "  "] {
            let refused = key.encrypted_file(&passphrase(empty)).unwrap_err();
            assert_eq!(refused, SecretKeyError::EmptyPassphrase);
        }
    }

    #[test]
    fn a_key_does_not_show_itself() {
        let key = SecretKey::parse(PLAIN_FILE, unasked).unwrap();
        let shown = format!("{key:?}");
        assert_eq!(shown, format!("SecretKey(of {})", key.public().id()));
    }

    fn with_bytes(change: impl FnOnce(&mut Vec<u8>)) -> String {
        let line = significant_line(ENCRYPTED_FILE).unwrap();
        let mut bytes = BASE64.decode(line.as_bytes()).unwrap();
        change(&mut bytes);
        BASE64.encode(&bytes)
    }

    #[test]
    fn a_file_that_is_no_secret_key_is_refused() {
        let refused =
            |text: &str| SecretKey::parse(text, || Ok(passphrase("correct horse"))).unwrap_err();
        assert_eq!(refused(PUBLIC_FILE), SecretKeyError::Public);
        assert_eq!(refused(&with_bytes(|bytes| bytes[1] = b'?')), SecretKeyError::Algorithm);
        assert_eq!(refused("-----BEGIN OPENSSH PRIVATE KEY-----"), SecretKeyError::Algorithm);
        assert_eq!(refused(&with_bytes(|bytes| bytes[70] ^= 1)), SecretKeyError::WrongPassphrase);
        assert_eq!(refused(&with_bytes(|bytes| bytes[45] = 1)), SecretKeyError::TooMuchWork);
        let both = with_bytes(|bytes| {
            bytes[45] = 1;
            bytes[53] = 1;
        });
        assert_eq!(refused(&both), SecretKeyError::TooMuchWork);
        for cut in [
            with_bytes(|bytes| bytes.truncate(100)),
            with_bytes(|bytes| bytes[2] = b'?'),
            with_bytes(|bytes| bytes[4] = b'?'),
            with_bytes(|bytes| bytes.push(0)),
            "?".to_owned(),
        ] {
            assert!(matches!(refused(&cut), SecretKeyError::Malformed(_)), "{cut}");
        }
    }

    #[test]
    fn halves_of_two_keys_are_no_key() {
        let other = SecretKey::generate().unwrap();
        let line = significant_line(PLAIN_FILE).unwrap();
        let mut bytes = BASE64.decode(line.as_bytes()).unwrap();
        let at = LENGTH - 32 - 32;
        bytes[at..at + 32].copy_from_slice(&other.key.verifying_key().to_bytes());
        let refused = SecretKey::parse(&BASE64.encode(&bytes), unasked).unwrap_err();
        assert_eq!(refused, SecretKeyError::Damaged);
    }
}
