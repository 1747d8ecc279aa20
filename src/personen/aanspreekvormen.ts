/** Words that systems put in front of initials or a surname and that are no name. Case and dots do not count. */
export const aanspreekvormen: readonly string[] = [
  ...['dhr', 'hr', 'meneer', 'mevrouw', 'mevr', 'mvr', 'mw', 'mej', 'mejuffrouw', 'familie', 'fam', 'erven'],
  ...['gezin', 'echtpaar', 'bewoner', 'bewoners'],
  ...['drs', 'prof', 'professor', 'jhr', 'jonkheer', 'jkvr', 'jonkvrouw']
]

// Each may be initials or a surname too: `Mr.` is M.R. where no name follows.
const titels = ['mr', 'dr', 'ir', 'ing', 'ds', 'mrs', 'bc', 'msc']

const address = `(?:den?\\s+)?heer|${aanspreekvormen.join('|')}`
// No comma: `Heer, de` is a name.
const end = '[./\\s]+'
const inFront = new RegExp(
  `^[^\\p{L}]*(?:(?:${address})(?:${end}(?:en|of|&))*(?:${end}|$)|(?:${titels.join('|')})${end}(?=\\p{L}))+`,
  'iu'
)

// Two capitals without a dot are initials: `MW` is M.W.
const twoInitials = /^\s*\p{Lu}{2}\s*$/u

/** The text without the forms of address and titles in front; empty where it holds nothing else. */
export function dropAanspreekvormen(text: string): string {
  return twoInitials.test(text) ? text : text.replace(inFront, '')
}
