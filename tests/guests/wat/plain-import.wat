;; Imports a plain function.
(component
  (import "now" (func (result u64)))
  (core module $module (func (export "run")))
  (core instance $instance (instantiate $module))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
