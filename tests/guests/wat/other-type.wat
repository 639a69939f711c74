;; Imports a function of the contract as another type.
(component
  (import "chitin:audit/config@0.1.0" (instance
    (export "problems" (func (result u32)))))
  (core module $module (func (export "run")))
  (core instance $instance (instantiate $module))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
