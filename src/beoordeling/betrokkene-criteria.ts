import { sectoren } from '../begrippen/vroegsignaal.ts'
import { isElfproef } from '../personen/burgerservicenummer.ts'
import { ageOn } from '../time.ts'
import { criteriumrijen } from './criteriumrijen.ts'
import { apHandreiking, drinkwaterwet, lcv, leveringswetten } from './grondslagen.ts'
import { sectorenWhere, sectorregels } from './sectorregels.ts'

const wgsNatuurlijkPersoon = 'Wgs art. 1 en art. 3 lid 1, aanhef en onder b'

const natuurlijkPersoon = criteriumrijen(
  {
    criterium: 'natuurlijk-persoon',
    tekst:
      'De betrokkene is een natuurlijk persoon; de ondernemer met een eenmanszaak en de vennoot van een vof, cv of maatschap zijn dat ook.',
    afwijzing: 'De betrokkene is volgens het signaal een rechtspersoon.',
    location: '/betrokkene/soort',
    herstel:
      'Meld alleen natuurlijke personen. Een eenmanszaak, vof, cv of maatschap is geen rechtspersoon: meld de ondernemer of de vennoot als natuurlijk persoon.',
    toets: ({ betrokkene }) => betrokkene.soort === 'natuurlijk-persoon'
  },
  { grondslag: wgsNatuurlijkPersoon, sectoren: sectoren.filter((sector) => sector !== 'drinkwater') },
  { ...drinkwaterwet('5'), grondslag: `${wgsNatuurlijkPersoon}; ${drinkwaterwet('5').grondslag}` }
)

const meerderjarig = criteriumrijen(
  {
    criterium: 'meerderjarig',
    tekst: 'De betrokkene is op de signaaldatum 18 jaar of ouder.',
    afwijzing: 'De betrokkene is op de signaaldatum jonger dan 18 jaar.',
    location: '/betrokkene/geboortedatum',
    herstel: 'Controleer de geboortedatum; meld de meerderjarige contractpartij, niet een minderjarige.',
    toets: ({ betrokkene: { geboortedatum }, signaaldatum }) =>
      geboortedatum === undefined ? 'niet-van-toepassing' : ageOn(geboortedatum, signaaldatum) >= 18
  },
  { grondslag: `BW art. 1:233; uitvoeringspraktijk ${lcv} (18 jaar en ouder)` }
)

const bsnAlleenZorgverzekeraar = criteriumrijen(
  {
    criterium: 'bsn-alleen-zorgverzekeraar',
    tekst: 'Alleen een zorgverzekeraar verstrekt het burgerservicenummer.',
    afwijzing: 'Het signaal bevat een burgerservicenummer, dat deze sector niet mag verwerken.',
    location: '/betrokkene/burgerservicenummer',
    herstel: 'Laat het burgerservicenummer weg.',
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
    afwijzing: 'Het burgerservicenummer voldoet niet aan de elfproef.',
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
    afwijzing: 'Het klantnummer ontbreekt.',
    location: '/klantnummer',
    herstel: 'Stuur het klantnummer mee; zonder klantnummer is een herhaling minder goed te herkennen.',
    toets: ({ klantnummer }) => klantnummer !== undefined
  },
  ...leveringswetten(drinkwaterwet('5')).map((wet) => ({
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
    afwijzing: 'Het adres ligt niet in deze gemeente, of niet vast staat in welke gemeente het ligt.',
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
    afwijzing: 'Het adresregister kent op deze postcode wel andere adressen, maar dit adres niet.',
    location: '/adres',
    herstel: 'Controleer huisnummer, huisletter en toevoeging.',
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
