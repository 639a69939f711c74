;; Imports a function that an interface of the contract does not have.
(component
  (import "chitin:audit/config@0.1.0" (instance
    (export "unseal" (func (param "pointer" string) (result string)))))
  (core module $module (func (export "run")))
  (core instance $instance (instantiate $module))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
