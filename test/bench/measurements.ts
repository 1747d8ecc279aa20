import type { Figure } from './figure.ts'
import { measureBladzijde } from './measure-bladzijde.ts'
import { measureEnkel } from './measure-enkel.ts'
import { measureLevering } from './measure-levering.ts'
import { measureNaast } from './measure-naast.ts'
import { measureRegister } from './measure-register.ts'
import { measureStart } from './measure-start.ts'
import { measureVernietiging } from './measure-vernietiging.ts'
import { measureVinden } from './measure-vinden.ts'
import { measureZichtbaar } from './measure-zichtbaar.ts'
import type { Bench } from './with-stage.ts'

export type Measurement = (bench: Bench) => Promise<Figure[]>

/** All measurements by name, in the order in which they run. */
export const measurements: Readonly<Record<string, Measurement>> = {
  levering: measureLevering,
  enkel: measureEnkel,
  bladzijde: measureBladzijde,
  zichtbaar: measureZichtbaar,
  naast: measureNaast,
  vernietiging: measureVernietiging,
  register: measureRegister,
  start: measureStart,
  vinden: measureVinden
}
