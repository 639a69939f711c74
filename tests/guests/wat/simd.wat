;; Uses a feature of WebAssembly that is turned off.
(component
  (core module $module
    (func (export "run") (drop (i8x16.splat (i32.const 0)))))
  (core instance $instance (instantiate $module))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
