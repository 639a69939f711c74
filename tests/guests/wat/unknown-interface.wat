;; Imports an interface that the contract does not have, under the contract's name.
(component
  (import "chitin:audit/secrets@0.1.0" (instance
    (export "unseal" (func (param "pointer" string) (result string)))))
  (core module $module (func (export "run")))
  (core instance $instance (instantiate $module))
  (func $run (canon lift (core func $instance "run")))
  (export "run" (func $run)))
