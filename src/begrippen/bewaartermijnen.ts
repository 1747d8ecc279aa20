/** How long something is kept, under which law and why so long. */
export type Bewaartermijn = {
  readonly grondslag: string
  /** Why this long and no longer. */
  readonly reden: string
  /** How running text names the term. */
  readonly voluit?: string
} & ({ readonly maanden: number } | { readonly dagen: number })

/**
 * Every retention term of the hub, and the only place that states one; a test compares the two that SQL repeats. What
 * destroys the rows stands in the data map (`vernietiging/data-map.ts`).
 */
export const bewaartermijnen = {
  vroegsignaal: {
    maanden: 6,
    voluit: 'zes maanden',
    grondslag: 'AVG art. 5 lid 1, aanhef en onder e; AP, Handreiking Wgs (bewaartermijn)',
    reden: 'The longest a municipality may choose: successive signals are matched six months back.'
  },
  geenHulpGewenst: {
    dagen: 30,
    grondslag: 'AVG art. 5 lid 1, aanhef en onder e',
    reden: 'The longest a municipality may wait after a resident wanted no help; none by default.'
  },
  aanlevering: {
    dagen: 30,
    grondslag: 'AVG art. 5 lid 1, aanhef en onder e',
    reden: 'A partner corrects its rejected lines before its next monthly delivery.'
  },
  idempotentie: {
    dagen: 35,
    grondslag: 'AVG art. 5 lid 1, aanhef en onder e',
    reden: 'Partners deliver monthly, so a retry may come a month later.'
  },
  vervallenHuishouden: {
    dagen: 35,
    grondslag: 'AVG art. 5 lid 1, aanhef en onder e',
    reden: 'A municipality that follows its households may be away for a month.'
  },
  verwerking: {
    maanden: 60,
    grondslag: 'AVG art. 5 lid 2 en art. 82; BW art. 3:310 lid 1',
    reden:
      'The longest a municipality may choose: who looked at whose data stays provable as long as a resident can claim damages. Three years by default, as the BIO keeps what an incident needs (5.28.01).'
  },
  beheerhandeling: {
    maanden: 60,
    grondslag: 'AVG art. 5 lid 2 en art. 32',
    reden: 'Who changed which access stays provable as long as the longest processing log that it explains.'
  },
  bezwaar: {
    maanden: 24,
    grondslag: 'AVG art. 21 lid 1 en 3, en art. 5 lid 1, aanhef en onder e',
    reden:
      'The law sets no end. Longer than the arrears of a bad year with one partner; its hashes are bound to an address, which residents leave, and who still objects then can say so again.'
  },
  aanmelding: {
    maanden: 6,
    voluit: 'zes maanden',
    grondslag: 'AVG art. 5 lid 1, aanhef en onder e',
    reden: 'Long enough to decide and to agree; what a partner needs then stands in its agreements.'
  },
  dagverbruik: {
    dagen: 1,
    grondslag: 'AVG art. 32 lid 1',
    reden: 'A day is over when it is: the quota is one of a day.'
  },
  gebeurtenis: {
    dagen: 14,
    voluit: 'twee weken',
    grondslag: 'AVG art. 5 lid 1, aanhef en onder e',
    reden:
      'Delivery is tried for three days; who then finds out that its receiver failed can have it delivered again. Ids only.'
  },
  gebruikteAssertie: {
    dagen: 1,
    grondslag: 'RFC 7523 §3',
    reden: 'An assertion is remembered until it expires, so that it works once.'
  }
} as const satisfies Record<string, Bewaartermijn>
export type Bewaartermijnnaam = keyof typeof bewaartermijnen
