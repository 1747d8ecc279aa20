import { isElfproef } from '../personen/burgerservicenummer.ts'
import { ageOn } from '../time.ts'
import { criteriumrijen } from './criteriumrijen.ts'
import { apHandreiking, lcv, leveringswetten } from './grondslagen.ts'
import { sectorenWhere, sectorregels } from './sectorregels.ts'

const natuurlijkPersoon = criteriumrijen(
  {
    criterium: 'natuurlijk-persoon',
    tekst: 'De betrokkene is een natuurlijk persoon.',
    location: '/betrokkene/soort',
    herstel: 'Meld alleen achterstanden van natuurlijke personen; eenmanszaken vallen daar ook onder.',
    toets: ({ betrokkene }) => betrokkene.soort === 'natuurlijk-persoon'
  },
  { grondslag: 'Wgs art. 1 en art. 3 lid 1, aanhef en onder b' }
)

const meerderjarig = criteriumrijen(
  {
    criterium: 'meerderjarig',
    tekst: 'De betrokkene is op de signaaldatum 18 jaar of ouder.',
    location: '/betrokkene/geboortedatum',
    herstel: 'Controleer de geboortedatum; meld de meerderjarige contractant, niet een minderjarige.',
    toets: ({ betrokkene: { geboortedatum }, signaaldatum }) =>
      geboortedatum === undefined ? 'niet-van-toepassing' : ageOn(geboortedatum, signaaldatum) >= 18
  },
  { grondslag: `BW art. 1:233; uitvoeringspraktijk ${lcv} (18 jaar en ouder)` }
)

const bsnAlleenZorgverzekeraar = criteriumrijen(
  {
    criterium: 'bsn-alleen-zorgverzekeraar',
    tekst: 'Alleen een zorgverzekeraar verstrekt het burgerservicenummer.',
    location: '/betrokkene/burgerservicenummer',
    herstel: 'Laat het burgerservicenummer weg; deze sector mag het niet verwerken.',
    toets: ({ betrokkene }) => (betrokkene.burgerservicenummer === undefined ? 'niet-van-toepassing' : false)
  },
  {
    grondslag: 'UAVG art. 46; Wgs art. 8c (alleen het college); Zvw art. 86 (alleen de zorgverzekeraar)',
    sectoren: sectorenWhere((regel) => !regel.burgerservicenummerToegestaan)
  }
)

const bsnElfproef = criteriumrijen(
  {
    criterium: 'bsn-elfproef',
    tekst: 'Het burgerservicenummer voldoet aan de elfproef.',
    location: '/betrokkene/burgerservicenummer',
    herstel: 'Controleer het burgerservicenummer op een typefout.',
    toets: ({ betrokkene: { burgerservicenummer } }) =>
      burgerservicenummer === undefined ? 'niet-van-toepassing' : isElfproef(burgerservicenummer)
  },
  { grondslag: 'AVG art. 5 lid 1, aanhef en onder d; Zvw art. 86' }
)

const klantnummerAanwezig = criteriumrijen(
  {
    criterium: 'klantnummer-aanwezig',
    tekst: 'Het klantnummer is meegegeven.',
    location: '/klantnummer',
    herstel: 'Stuur het klantnummer mee; zonder klantnummer is een herhaling minder goed te herkennen.',
    toets: ({ klantnummer }) => klantnummer !== undefined
  },
  ...leveringswetten.map((wet) => ({
    ...wet,
    sectoren: wet.sectoren.filter((sector) => sectorregels[sector].klantnummerVerwacht),
    ernst: 'waarschuwen' as const
  }))
)

// A missing code has been looked up in the address register already. It is still missing when the register does not
// know the postcode, or knows it in several municipalities.
const adresInGemeente = criteriumrijen(
  {
    criterium: 'adres-in-gemeente',
    tekst:
      'Het adres ligt in de gemeente waaraan gemeld wordt; te toetsen waar het adresregister de postcode kent.',
    location: '/gemeentecode',
    herstel: 'Controleer postcode en gemeentecode; geef de gemeentecode mee als de postcode niet bekend is.',
    toets: ({ gemeentecode }, { gemeentecodesVanPostcode: bekend }) => {
      if (gemeentecode === undefined) return false
      return bekend.length === 0 ? 'niet-van-toepassing' : bekend.includes(gemeentecode)
    }
  },
  { grondslag: `Wgs art. 3 lid 1, aanhef en onder b (eigen inwoners); ${apHandreiking}` }
)

const adresBekend = criteriumrijen(
  {
    criterium: 'adres-bekend',
    tekst: 'Het adres staat in het adresregister; te toetsen waar het register de postcode kent.',
    location: '/adres',
    herstel:
      'Controleer huisnummer, huisletter en toevoeging; het register kent op deze postcode wel andere adressen.',
    toets: (_, { adresBekend: bekend }) => bekend ?? 'niet-van-toepassing'
  },
  { grondslag: `AVG art. 5 lid 1, aanhef en onder d (juistheid); ${apHandreiking}`, ernst: 'waarschuwen' }
)

/** The criteria on the person, the address and the numbers that may be sent. */
export const betrokkeneCriteria = [
  ...natuurlijkPersoon,
  ...meerderjarig,
  ...bsnAlleenZorgverzekeraar,
  ...bsnElfproef,
  ...klantnummerAanwezig,
  ...adresInGemeente,
  ...adresBekend
]
