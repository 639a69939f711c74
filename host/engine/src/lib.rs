//! The engine configuration. The build script compiles the built-in modules with it, the program runs them with it:
//! code compiled under any other is refused by the engine. Workers, which run third-party modules, begin with the same.
//!
//! What must not enter: anything but this configuration. The build script compiles this crate too.

use wasmtime::{Config, InstanceAllocationStrategy, PoolingAllocationConfig};

/// How many modules may be alive at the same time.
const INSTANCES: u32 = 64;

/// Of how many core instances a module may be made, and how many tables it may have.
pub const PARTS: u32 = 8;

/// Address space that is set aside for one guest; what a guest may use of it is the store's limit, never more.
const MEMORY_CEILING: usize = 1 << 30;

/// The configuration of every engine that runs the built-in modules.
pub fn config() -> Config {
    with_room_for(INSTANCES)
}

/// What all engines of chitin have in common, with room for this many modules at the same time.
pub fn with_room_for(instances: u32) -> Config {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(512 * 1024)
        // Guests need none of these; what is off cannot be attacked.
        .wasm_simd(false)
        .wasm_relaxed_simd(false)
        .wasm_multi_memory(false)
        .wasm_memory64(false)
        .wasm_tail_call(false)
        .wasm_wide_arithmetic(false)
        .wasm_backtrace_max_frames(None)
        // The same NaN bits on every machine.
        .cranelift_nan_canonicalization(true);
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(instances)
        .total_core_instances(instances * PARTS)
        .total_memories(instances)
        .total_tables(instances * PARTS)
        .max_memories_per_component(1)
        .max_memory_size(MEMORY_CEILING);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}
