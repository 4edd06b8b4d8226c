import type { Rule } from './rule.ts';
import { closingRules } from './rules/closing.ts';
import { controlRules } from './rules/control.ts';
import { fragmentationRules } from './rules/fragmentation.ts';
import { framingRules } from './rules/framing.ts';
import { limitRules } from './rules/limits.ts';
import { opcodeRules } from './rules/opcodes.ts';
import { reservedRules } from './rules/reserved.ts';
import { utf8Rules } from './rules/utf8.ts';

/** Every rule for frames and messages, in the order of the page that lists them. */
export const rules: readonly Rule[] = [
  ...framingRules,
  ...controlRules,
  ...reservedRules,
  ...opcodeRules,
  ...fragmentationRules,
  ...utf8Rules,
  ...closingRules,
  ...limitRules,
];
