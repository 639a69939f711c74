;; A module, but not a component.
(module (func (export "run")))
