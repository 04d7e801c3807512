/** The plain lists that the provision scripts read in the bake: packages, services, verifications. */
import type { Plan } from '../plan/plan.ts';

/** One package a line. */
export function packagesList(plan: Plan): string {
  return lines(plan.packages);
}

/** `early NAME` or `service NAME` a line, in start order. */
export function servicesList(plan: Plan): string {
  return lines([
    ...plan.earlyServices.map((name) => `early ${name}`),
    ...plan.image.services.map((name) => `service ${name}`),
  ]);
}

/** `ROLE<tab>COMMAND<tab>ARGUMENT...` a line: each daemon's own check of its configuration. */
export function verifyList(plan: Plan): string {
  return lines(plan.verify.map(({ role, argv }) => [role, ...argv].join('\t')));
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
