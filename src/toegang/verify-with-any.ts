import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose'

/**
 * The claims of a token that is signed with a key of a set. Where several keys may have signed it, because they have no
 * `kid`, each is tried. Throws the error of the last.
 */
export async function verifyWithAny<Claims>(
  token: string,
  findKey: JWTVerifyGetKey,
  options: JWTVerifyOptions
): Promise<Claims & JWTPayload> {
  try {
    return (await jwtVerify<Claims>(token, findKey, options)).payload
  } catch (cause) {
    if (!(cause instanceof errors.JWKSMultipleMatchingKeys)) throw cause
    let last: unknown = cause
    for await (const key of cause) {
      try {
        return (await jwtVerify<Claims>(token, key, options)).payload
      } catch (error) {
        last = error
      }
    }
    throw last
  }
}
