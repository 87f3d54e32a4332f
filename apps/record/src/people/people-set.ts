/** A set of persons by the numbers of their resources, one bit each. */
export class PeopleSet {
  #words: Uint32Array

  private constructor(words: Uint32Array) {
    this.#words = words
  }

  /** Of numbers up to `largest`. */
  static upTo(largest: number): PeopleSet {
    return new PeopleSet(new Uint32Array((largest >>> 5) + 1))
  }

  add(number: number): void {
    const at = number >>> 5
    const word = this.#words[at]
    if (word !== undefined) this.#words[at] = word | (1 << (number & 31))
  }

  has(number: number): boolean {
    return ((this.#words[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0
  }

  get size(): number {
    let count = 0
    for (let word of this.#words) {
      word -= (word >>> 1) & 0x55555555
      word = (word & 0x33333333) + ((word >>> 2) & 0x33333333)
      count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
    }
    return count
  }

  get bytes(): number {
    return this.#words.byteLength
  }

  and(other: PeopleSet): PeopleSet {
    return this.#with(other, (mine, theirs) => mine & theirs)
  }

  or(other: PeopleSet): PeopleSet {
    return this.#with(other, (mine, theirs) => mine | theirs)
  }

  except(other: PeopleSet): PeopleSet {
    return this.#with(other, (mine, theirs) => mine & ~theirs)
  }

  numbers(): number[] {
    const found: number[] = []
    this.#words.forEach((word, at) => {
      for (let left = word; left !== 0; left &= left - 1) found.push(at * 32 + 31 - Math.clz32(left & -left))
    })
    return found
  }

  #with(other: PeopleSet, combine: (mine: number, theirs: number) => number): PeopleSet {
    const longer = this.#words.length >= other.#words.length ? this.#words : other.#words
    const words = new Uint32Array(longer.length)
    for (let at = 0; at < words.length; at++) words[at] = combine(this.#words[at] ?? 0, other.#words[at] ?? 0)
    return new PeopleSet(words)
  }
}
