// Reads the mails that a server for development writes into a folder, as a mail program does.

import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const patience = 15_000 // milliseconds
const pause = 25

/** A folder of mails, each of which is read once. */
export class Outbox {
  #folder
  #read = new Set()

  constructor(folder) {
    this.#folder = folder
  }

  /** Waits for a mail to an address with a subject. It may be one that came before the call. */
  async mail(to, subject) {
    const deadline = Date.now() + patience
    const others = new Map()
    while (Date.now() < deadline) {
      for (const name of await this.#names()) {
        if (this.#read.has(name)) continue
        const mail = parseMail(await readFile(join(this.#folder, name), 'utf8'))
        if (mail.to.includes(to) && mail.subject === subject) {
          this.#read.add(name)
          return mail
        }
        others.set(name, `${mail.subject} (to ${mail.to})`)
      }
      await delay(pause)
    }
    assert.fail(`no mail "${subject}" to ${to} came; others did: ${[...others.values()].join(', ') || 'none'}`)
  }

  /** Waits for such a mail and returns the token in it. */
  async token(to, subject) {
    const { text } = await this.mail(to, subject)
    const tokens = text.match(/\b[A-Z2-7]{5}-[A-Z2-7]{5}\b/g)
    assert.equal(new Set(tokens).size, 1, `tokens in the mail:\n${text}`)
    return tokens[0]
  }

  async #names() {
    try {
      return (await readdir(this.#folder)).filter((name) => name.endsWith('.eml')).sort()
    } catch (err) {
      if (err.code === 'ENOENT') return [] // no mail was sent yet
      throw err
    }
  }
}

// parseMail understands RFC 5322 with MIME, as far as it takes to read a mail of two alternatives.
function parseMail(source) {
  const { headers, body } = splitMail(source)
  const parts = alternatives(headers, body)
  return {
    to: headers.get('to') ?? '',
    subject: decodeWords(headers.get('subject') ?? ''),
    text: parts.get('text/plain') ?? '',
    html: parts.get('text/html') ?? '',
  }
}

function splitMail(source) {
  const [, head, body] = source.replaceAll('\r\n', '\n').match(/^(.*?)\n\n(.*)$/s) ?? [, source, '']
  const headers = new Map()
  for (const line of head.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const [, name, value] = line.match(/^([^:]+):\s*(.*)$/) ?? assert.fail(`not a header: ${line}`)
    headers.set(name.toLowerCase(), value)
  }
  return { headers, body }
}

// alternatives returns the texts of a mail by their type.
function alternatives(headers, body) {
  const type = headers.get('content-type') ?? 'text/plain'
  const boundary = type.match(/boundary="?([^";]+)"?/)?.[1]
  if (!boundary) {
    return new Map([[type.split(';')[0].trim(), decodeBody(headers.get('content-transfer-encoding'), body)]])
  }
  const found = new Map()
  for (const part of `\n${body}`.split(`\n--${boundary}`).slice(1, -1)) {
    const inner = splitMail(part.replace(/^[ \t]*\n/, ''))
    for (const [type, text] of alternatives(inner.headers, inner.body)) found.set(type, text)
  }
  return found
}

function decodeBody(encoding = '7bit', body) {
  switch (encoding.toLowerCase()) {
    case 'base64': return Buffer.from(body, 'base64').toString()
    case 'quoted-printable': return decodeQuoted(body.replace(/=\n/g, ''))
    default: return body
  }
}

function decodeQuoted(text) {
  const binary = Buffer.from(text).toString('latin1')
  return Buffer.from(binary.replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString()
}

// decodeWords decodes the encoded words of RFC 2047 in UTF-8.
function decodeWords(text) {
  return text.replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, encoding, word) =>
    encoding.toLowerCase() === 'b' ? Buffer.from(word, 'base64').toString() : decodeQuoted(word.replaceAll('_', ' ')))
}
