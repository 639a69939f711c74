//! Secret keys, in minisign's file format: what `chitin module keygen` writes and `chitin module sign` reads.
//!
//! Files are byte for byte those of minisign, so a key can be used with both programs. Secrets in memory are wiped when
//! they are dropped. No message or `Debug` output contains a secret key or a passphrase.

use blake2::{Blake2b256, Digest as _};
use data_encoding::BASE64;
use ed25519_dalek::{Signer as _, SigningKey};
use thiserror::Error;
use zeroize::Zeroizing;

use super::key::{ALGORITHM, KeyError, PublicKey, significant_line};

const KDF_SCRYPT: [u8; 2] = *b"Sc";
const KDF_NONE: [u8; 2] = [0, 0];
const CHECKSUM_BLAKE2: [u8; 2] = *b"B2";
/// minisign's id, seed and public key, checksum: the part that is encrypted.
const ENCRYPTED_LEN: usize = 8 + 64 + 32;
const FILE_LEN: usize = 6 + 32 + 8 + 8 + ENCRYPTED_LEN;
/// Scrypt with N = 2^17 and 128 MiB.
const KDF_DEFAULT: KdfParams = KdfParams { operations: 1 << 22, memory: 1 << 27 };
/// minisign's own keys need 2^20. A file that asks for more is refused: reading it could take hours.
const MAX_LOG_ROUNDS: u8 = 20;
const MAX_PARALLEL: u32 = 16;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum SecretKeyError {
    #[error(
        "this is not a minisign secret key: {0}. Give the key file that `chitin module keygen` wrote"
    )]
    Malformed(&'static str),
    #[error("this is a public key. SignOptions needs the secret key, the file without .pub")]
    Public,
    #[error("this is not an Ed25519 key. Make one with `chitin module keygen`")]
    Algorithm,
    #[error("the passphrase is wrong, or the key file is damaged. Try again")]
    WrongPassphrase,
    #[error(
        "the key file is damaged: secret and public key do not belong together. Restore it from a backup, or make a new key with `chitin module keygen`"
    )]
    Damaged,
    #[error(
        "the key file asks for more work to decrypt it than any real key does. Make a new key with `chitin module keygen`"
    )]
    KdfTooExpensive,
    #[error("the passphrase is empty. Enter one, or use --no-passphrase")]
    EmptyPassphrase,
    #[error(
        "no passphrase could be read: {0}. Set CHITIN_KEY_PASSPHRASE where there is no terminal"
    )]
    NoPassphrase(String),
    #[error("this machine provides no randomness, so no key can be made on it")]
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
    minisign_id: [u8; 8],
}

impl SecretKey {
    pub fn generate() -> Result<Self, SecretKeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        let mut minisign_id = [0; 8];
        getrandom::fill(seed.as_mut_slice()).map_err(|_| SecretKeyError::NoRandomness)?;
        getrandom::fill(&mut minisign_id).map_err(|_| SecretKeyError::NoRandomness)?;
        Self::new(SigningKey::from_bytes(&seed), minisign_id)
    }

    fn new(key: SigningKey, minisign_id: [u8; 8]) -> Result<Self, SecretKeyError> {
        let public = PublicKey::new(key.verifying_key(), minisign_id)?;
        Ok(Self { key, public, minisign_id })
    }

    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }

    /// Reads a secret key file. `ask` is only called if the file is encrypted.
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
        if file.checksum != CHECKSUM_BLAKE2 && file.derivation != KDF_NONE {
            return Err(SecretKeyError::Malformed("its checksum algorithm is unknown"));
        }
        let mut encrypted = Zeroizing::new(*file.encrypted);
        match file.derivation {
            KDF_NONE => {}
            KDF_SCRYPT => file.kdf.xor_keystream(&ask()?, file.salt, &mut encrypted)?,
            _ => return Err(SecretKeyError::Malformed("its encryption is unknown")),
        }
        let (minisign_id, rest) =
            encrypted.split_first_chunk::<8>().ok_or(SecretKeyError::Damaged)?;
        let (pair, checksum) = rest.split_first_chunk::<64>().ok_or(SecretKeyError::Damaged)?;
        // minisign writes no checksum into a file without a passphrase.
        let has_no_checksum = file.derivation == KDF_NONE && checksum.iter().all(|byte| *byte == 0);
        if !has_no_checksum && checksum != checksum_of(*minisign_id, pair) {
            return Err(SecretKeyError::WrongPassphrase);
        }
        let key = SigningKey::from_keypair_bytes(pair).map_err(|_| SecretKeyError::Damaged)?;
        Self::new(key, *minisign_id)
    }

    /// The secret key file, not encrypted.
    pub fn plain_file(&self) -> Zeroizing<String> {
        self.file(KDF_NONE, &[0; 32], KdfParams { operations: 0, memory: 0 }, &self.plaintext())
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
        let mut encrypted = self.plaintext();
        KDF_DEFAULT.xor_keystream(passphrase, &salt, &mut encrypted)?;
        Ok(self.file(KDF_SCRYPT, &salt, KDF_DEFAULT, &encrypted))
    }

    fn plaintext(&self) -> Zeroizing<[u8; ENCRYPTED_LEN]> {
        let pair = Zeroizing::new(self.key.to_keypair_bytes());
        let checksum = checksum_of(self.minisign_id, &pair);
        let mut plaintext = Zeroizing::new([0; ENCRYPTED_LEN]);
        let parts = self.minisign_id.iter().chain(pair.iter()).chain(&checksum);
        for (slot, byte) in plaintext.iter_mut().zip(parts) {
            *slot = *byte;
        }
        plaintext
    }

    fn file(
        &self,
        derivation: [u8; 2],
        salt: &[u8; 32],
        kdf: KdfParams,
        encrypted: &[u8; ENCRYPTED_LEN],
    ) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(FILE_LEN));
        for part in [
            &ALGORITHM[..],
            &derivation,
            &CHECKSUM_BLAKE2,
            salt,
            &kdf.operations.to_le_bytes(),
            &kdf.memory.to_le_bytes(),
            encrypted,
        ] {
            bytes.extend_from_slice(part);
        }
        let line = Zeroizing::new(BASE64.encode(&bytes));
        let minisign_id = u64::from_le_bytes(self.minisign_id);
        let kind = if derivation == KDF_NONE { "unencrypted" } else { "encrypted" };
        Zeroizing::new(format!(
            "untrusted comment: minisign {kind} secret key {minisign_id:016X}\n{}\n",
            *line
        ))
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SecretKey({})", self.public.id())
    }
}

fn checksum_of(minisign_id: [u8; 8], pair: &[u8; 64]) -> [u8; 32] {
    Blake2b256::new()
        .chain_update(ALGORITHM)
        .chain_update(minisign_id)
        .chain_update(pair)
        .finalize()
        .into()
}

/// The parts of a key file.
struct File<'f> {
    derivation: [u8; 2],
    checksum: [u8; 2],
    salt: &'f [u8; 32],
    kdf: KdfParams,
    encrypted: &'f [u8; ENCRYPTED_LEN],
}

impl<'f> File<'f> {
    fn read(bytes: &'f [u8]) -> Option<Self> {
        let (_, rest) = bytes.split_first_chunk::<2>()?;
        let (derivation, rest) = rest.split_first_chunk::<2>()?;
        let (checksum, rest) = rest.split_first_chunk::<2>()?;
        let (salt, rest) = rest.split_first_chunk::<32>()?;
        let (operations, rest) = rest.split_first_chunk::<8>()?;
        let (memory, rest) = rest.split_first_chunk::<8>()?;
        let kdf = KdfParams {
            operations: u64::from_le_bytes(*operations),
            memory: u64::from_le_bytes(*memory),
        };
        let encrypted = rest.try_into().ok()?;
        Some(Self { derivation: *derivation, checksum: *checksum, salt, kdf, encrypted })
    }
}

/// The cost of trying one passphrase, in libsodium's terms, as key files state it.
#[derive(Debug, Clone, Copy)]
struct KdfParams {
    operations: u64,
    memory: u64,
}

impl KdfParams {
    /// The scrypt parameters that libsodium derives.
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
            return Err(SecretKeyError::KdfTooExpensive);
        }
        scrypt::Params::new(log_n, 8, p)
            .map_err(|_| SecretKeyError::Malformed("its scrypt parameters are invalid"))
    }

    /// Encrypts or decrypts: both are an XOR with the same keystream.
    fn xor_keystream(
        self,
        passphrase: &Passphrase,
        salt: &[u8; 32],
        encrypted: &mut [u8; ENCRYPTED_LEN],
    ) -> Result<(), SecretKeyError> {
        let mut keystream = Zeroizing::new([0; ENCRYPTED_LEN]);
        scrypt::scrypt(passphrase.as_bytes(), salt, &self.parameters()?, keystream.as_mut_slice())
            .map_err(|_| SecretKeyError::Malformed("its scrypt parameters are invalid"))?;
        for (byte, mask) in encrypted.iter_mut().zip(keystream.iter()) {
            *byte ^= mask;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key that minisign made without a passphrase. It is not used for anything.
    const PLAIN_FILE: &str = include_str!("testdata/minisign.key");
    /// The same key, encrypted with `correct horse` by another implementation of the format.
    const ENCRYPTED_FILE: &str = include_str!("testdata/minisign-encrypted.key");
    const PUBLIC_FILE: &str = include_str!("testdata/minisign.pub");

    fn passphrase(text: &str) -> Passphrase {
        Zeroizing::new(text.to_owned())
    }

    fn no_passphrase() -> Result<Passphrase, SecretKeyError> {
        panic!("nothing is encrypted")
    }

    #[test]
    fn minisigns_own_keys_are_read() {
        let plain = SecretKey::parse(PLAIN_FILE, no_passphrase).unwrap();
        assert_eq!(plain.public().file(), PUBLIC_FILE);
        let encrypted =
            SecretKey::parse(ENCRYPTED_FILE, || Ok(passphrase("correct horse"))).unwrap();
        assert_eq!(encrypted.public(), plain.public());
        assert!(plain.public().verify(b"text", &encrypted.sign(b"text")));
    }

    #[test]
    fn a_key_round_trips_through_its_file() {
        let key = SecretKey::generate().unwrap();
        let plain = SecretKey::parse(&key.plain_file(), no_passphrase).unwrap();
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
    fn every_generated_key_is_different() {
        let (one, other) = (SecretKey::generate().unwrap(), SecretKey::generate().unwrap());
        assert_ne!(one.public(), other.public());
        assert_ne!(*one.encrypted_file(&passphrase("p")).unwrap(), *one.plain_file());
    }

    #[test]
    fn an_empty_passphrase_is_refused() {
        let key = SecretKey::generate().unwrap();
        for empty in ["", "  "] {
            let refused = key.encrypted_file(&passphrase(empty)).unwrap_err();
            assert_eq!(refused, SecretKeyError::EmptyPassphrase);
        }
    }

    #[test]
    fn debug_output_does_not_contain_the_key() {
        let key = SecretKey::parse(PLAIN_FILE, no_passphrase).unwrap();
        let shown = format!("{key:?}");
        assert_eq!(shown, format!("SecretKey({})", key.public().id()));
    }

    fn with_bytes(change: impl FnOnce(&mut Vec<u8>)) -> String {
        let line = significant_line(ENCRYPTED_FILE).unwrap();
        let mut bytes = BASE64.decode(line.as_bytes()).unwrap();
        change(&mut bytes);
        BASE64.encode(&bytes)
    }

    #[test]
    fn a_file_that_is_not_a_secret_key_is_refused() {
        let refused =
            |text: &str| SecretKey::parse(text, || Ok(passphrase("correct horse"))).unwrap_err();
        assert_eq!(refused(PUBLIC_FILE), SecretKeyError::Public);
        assert_eq!(refused(&with_bytes(|bytes| bytes[1] = b'?')), SecretKeyError::Algorithm);
        assert_eq!(refused("-----BEGIN OPENSSH PRIVATE KEY-----"), SecretKeyError::Algorithm);
        assert_eq!(refused(&with_bytes(|bytes| bytes[70] ^= 1)), SecretKeyError::WrongPassphrase);
        assert_eq!(refused(&with_bytes(|bytes| bytes[45] = 1)), SecretKeyError::KdfTooExpensive);
        let both = with_bytes(|bytes| {
            bytes[45] = 1;
            bytes[53] = 1;
        });
        assert_eq!(refused(&both), SecretKeyError::KdfTooExpensive);
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
    fn secret_and_public_key_must_belong_together() {
        let other = SecretKey::generate().unwrap();
        let line = significant_line(PLAIN_FILE).unwrap();
        let mut bytes = BASE64.decode(line.as_bytes()).unwrap();
        let at = FILE_LEN - 32 - 32;
        bytes[at..at + 32].copy_from_slice(&other.key.verifying_key().to_bytes());
        let refused = SecretKey::parse(&BASE64.encode(&bytes), no_passphrase).unwrap_err();
        assert_eq!(refused, SecretKeyError::Damaged);
    }
}
