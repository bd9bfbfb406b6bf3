// PyTorch's contenders: one script in the forms that a program takes, from what most people write to the fastest there is.
import type { Contender } from "./row.ts";

/** As `peers/forms.py` names them. */
const forms = {
  plain: "PyTorch float32",
  "channels-last": "PyTorch float32, channels last",
  autocast: "PyTorch autocast bfloat16",
  "autocast-compiled": "PyTorch autocast bfloat16, compiled",
  bfloat16: "PyTorch bfloat16",
  "bfloat16-compiled": "PyTorch bfloat16, compiled and frozen",
  "bfloat16-traced": "PyTorch bfloat16, traced",
};

/** A script of `peers/` in one form. Those that are compiled need a C++ compiler. */
export function pytorch(script: string, form: keyof typeof forms, more: readonly string[] = []): Contender {
  const contender = { name: forms[form], script: `peers/${script}`, options: ["--form", form, ...more] };
  return form.endsWith("-compiled") ? { ...contender, mayFail: true } : contender;
}
