import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { normaliseRecoveryPhrase } from '../../crypto/recovery-phrase.ts'

/** The 32 bytes behind 24 words, which is what is kept. The caller overwrites them. @throws InvalidRecoveryPhraseError */
export function entropyOf(phrase: string): Uint8Array {
  return mnemonicToEntropy(normaliseRecoveryPhrase(phrase), wordlist)
}

export function phraseOf(entropy: Uint8Array): string {
  return entropyToMnemonic(entropy, wordlist)
}
