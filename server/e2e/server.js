// Starts the account server that LEXGEN_SERVER names, on a free port and an empty data folder.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { AtpAgent } from '@atproto/api'

import { Outbox } from './outbox.js'

const adminPassword = 'correct horse battery staple'

// How long a server may take to end, in milliseconds.
const patience = 20_000

// The cheapest hashing that the configuration lets pass.
const cheap = ['--hash-memory', '19456', '--hash-passes', '2']

/** Starts a server with flags. Whoever starts it stops it. */
export async function startServer(...flags) {
  const executable = process.env.LEXGEN_SERVER
  assert.ok(executable, 'LEXGEN_SERVER must name the built server; make e2e does that')
  const data = await mkdtemp(join(tmpdir(), 'lexgen-e2e-'))
  const args = ['--data', data, '--listen', '127.0.0.1:0', '--hostname', 'localhost', ...cheap, ...flags]
  const child = spawn(executable, args, {
    env: { LEXGEN_ADMIN_PASSWORD: adminPassword },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const server = new Server(child, data)
  try {
    await server.listening()
  } catch (err) {
    await rm(data, { recursive: true })
    throw err
  }
  return server
}

/** A server in a process of its own. */
class Server {
  #child
  #data
  #log = ''
  #ended

  constructor(child, data) {
    this.#child = child
    this.#data = data
    this.outbox = new Outbox(join(data, 'outbox'))
    child.stderr.setEncoding('utf8').on('data', (text) => { this.#log += text })
    this.#ended = new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (status, signal) => resolve(status ?? signal))
    })
  }

  /** Waits until the server says where it listens. */
  async listening() {
    for await (const line of createInterface({ input: this.#child.stdout })) {
      if (line.startsWith('listening on ')) {
        this.url = line.slice('listening on '.length)
        this.publicURL = `http://localhost:${new URL(this.url).port}`
        this.#child.stdout.resume() // nobody reads what follows
        return
      }
    }
    assert.fail(`the server ended with ${await this.#ended} before it listened; its log:\n${this.#log}`)
  }

  /** Ends the server as an operator does, and deletes its data. */
  async stop() {
    this.#child.kill('SIGTERM')
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), patience)
    const status = await this.#ended
    clearTimeout(killer)
    await rm(this.#data, { recursive: true })
    assert.equal(status, 0, `exit status of the server; its log:\n${this.#log}`)
  }

  /** Returns a client that nobody is logged in to. */
  agent(persistSession) {
    return new AtpAgent({ service: this.url, persistSession })
  }

  /** Returns a client of the administrator. */
  admin(password = adminPassword) {
    const agent = this.agent()
    agent.setHeader('authorization', `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`)
    return agent
  }

  /** Creates an account and returns a client that is logged in to it. */
  async signUp(name, more = {}) {
    const agent = this.agent()
    await agent.createAccount({ ...account(name), ...more })
    return agent
  }

  /** Logs in and returns the client. */
  async login(identifier, password, more = {}) {
    const agent = this.agent()
    await agent.login({ identifier, password, ...more })
    return agent
  }
}

/** Returns what an account of a name signs up with. */
export function account(name) {
  return { handle: `${name}.test`, email: `${name}@example.com`, password: `the password of ${name}` }
}

/** Returns what a token claims. */
export function claims(jwt) {
  return JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url').toString())
}
