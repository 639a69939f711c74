use super::*;

fn key() -> Key {
    Key::of(b"a component", &Engine::new(&super::super::worker_main::config()).unwrap())
}

fn cache(place: &Path) -> Cache {
    Cache::new(&CacheDir::At(place.join("compiled")), Vec::new(), |_| None).unwrap()
}

#[test]
fn what_was_stored_is_loaded() {
    let place = tempfile::tempdir().unwrap();
    let (cache, key) = (cache(place.path()), key());
    assert_eq!(cache.load(&key).unwrap(), None);
    cache.store(&key, b"machine code").unwrap();
    cache.store(&key, b"machine code").unwrap();
    assert_eq!(cache.load(&key).unwrap().as_deref(), Some(&b"machine code"[..]));
}

#[test]
fn another_component_or_engine_has_another_entry() {
    let mut config = super::super::worker_main::config();
    let of = |component: &[u8], config: &wasmtime::Config| {
        Key::of(component, &Engine::new(config).unwrap())
    };
    let one = of(b"a component", &config);
    assert_eq!(one, key());
    assert_ne!(one.file(), of(b"another", &config).file());
    config.consume_fuel(false);
    assert_ne!(one.file(), of(b"a component", &config).file());
}

#[test]
fn an_entry_under_another_name_is_none() {
    let place = tempfile::tempdir().unwrap();
    let (cache, own) = (cache(place.path()), key());
    cache.store(&own, b"machine code").unwrap();
    let other = Key { component: [7; DIGEST], ..own.clone() };
    let path = |key: &Key| place.path().join("compiled").join(key.file());
    std::fs::rename(path(&own), path(&other)).unwrap();
    assert_eq!(cache.load(&other).unwrap(), None);
}

#[test]
fn old_entries_are_forgotten() {
    let place = tempfile::tempdir().unwrap();
    let (cache, key) = (cache(place.path()), key());
    cache.store(&key, b"machine code").unwrap();
    let dir = cache.place.open().unwrap();
    private_dir::remove_older(&dir, SystemTime::now() - Duration::from_mins(1));
    assert!(cache.load(&key).unwrap().is_some());
    private_dir::remove_older(&dir, SystemTime::now() + Duration::from_mins(1));
    assert_eq!(cache.load(&key).unwrap(), None);
}
