/** A surname with its prefix. */
export type Surname = { readonly voorvoegsel?: string; readonly naam: string }

/** A kind of surname: its share of all residents in percent (an estimate), and some of its names. */
export type NameKind = { readonly soort: string; readonly share: number; readonly names: readonly Surname[] }

const bare = (...names: string[]): Surname[] => names.map((naam) => ({ naam }))
const prefixed = (...names: [voorvoegsel: string, naam: string][]): Surname[] =>
  names.map(([voorvoegsel, naam]) => ({ voorvoegsel, naam }))

/** The kinds of surnames, without double ones of married people: those are made of two of these. */
export const nameKinds: readonly NameKind[] = [
  {
    soort: 'zonder voorvoegsel',
    share: 55,
    names: bare('Jansen', 'Bakker', 'Visser', 'Smit', 'Meijer', 'Mulder', 'Bos', 'Vos', 'Kok', 'Peters')
  },
  {
    soort: 'voorvoegsel',
    share: 20,
    names: prefixed(
      ['van', 'Dijk'],
      ['de', 'Vries'],
      ['van den', 'Berg'],
      ['van der', 'Meer'],
      ["van 't", 'Hof'],
      ['ter', 'Horst'],
      ["in 't", 'Veld'],
      ['op den', 'Kamp'],
      ['van de', 'Ven'],
      ['te', 'Riele']
    )
  },
  {
    soort: 'trema of accent',
    share: 2,
    names: bare('Daniëls', 'Coenegrachts', 'Hallé', 'Kuÿpers', 'Reünis')
  },
  { soort: 'Fries', share: 3, names: bare('Hoekstra', 'Dijkstra', 'Sjoerdsma', 'Wâldsma', 'Tjaarda') },
  { soort: 'Duits', share: 2, names: bare('Müller', 'Großmann', 'Schröder', 'Köhler', 'Jäger') },
  { soort: 'Pools', share: 3, names: bare('Wiśniewski', 'Łukasik', 'Dąbrowska', 'Wójcik', 'Żak') },
  { soort: 'Turks', share: 4, names: bare('Yılmaz', 'Öztürk', 'Şahin', 'Çelik', 'Doğan') },
  { soort: 'Scandinavisch', share: 1, names: bare('Sørensen', 'Åkesson', 'Jørgensen', 'Lindström', 'Næss') },
  {
    soort: 'Marokkaans',
    share: 4,
    names: [
      ...prefixed(['El', 'Amrani'], ['Ait', 'Ouarab'], ['Ben', 'Haddou']),
      ...bare("M'Barek", 'Bouzidi')
    ]
  },
  {
    soort: 'Surinaams',
    share: 3,
    names: bare('Ramautarsing', 'Tjin A Djie', 'Wong-A-Soy', 'Soekhai', 'Lie A Kwie')
  },
  {
    soort: 'Spaans of Portugees dubbel',
    share: 3,
    names: [...bare('García López', 'Núñez Peña', 'Rodríguez Martínez'), ...prefixed(['dos', 'Santos Lima'])]
  }
]

/** First initials, the common ones more often; some are cut differently by some systems. */
export const initials = [...'JJJMMMAAACCHHPPRRSSTTWWBDEFGIKLNVYZ', 'Th', 'Chr', 'IJ', 'Ö', 'Ş', 'É']
