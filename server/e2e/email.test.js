import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { account, startServer } from './server.js'

const server = await startServer()
after(() => server.stop())

const { outbox } = server
const invalidToken = { status: 400, error: 'InvalidToken', message: 'Token is invalid' }

async function confirm(agent) {
  const { email } = agent.session
  await agent.com.atproto.server.requestEmailConfirmation()
  await agent.com.atproto.server.confirmEmail({ email, token: await outbox.token(email, 'Email Confirmation') })
}

test('an address is confirmed with the token that was mailed to it', async () => {
  const agent = await server.signUp('confirmer')
  const { email } = agent.session
  const { server: methods } = agent.com.atproto
  await methods.requestEmailConfirmation()
  const token = await outbox.token(email, 'Email Confirmation')
  await assert.rejects(methods.confirmEmail({ email, token: '123456' }), invalidToken)
  await assert.rejects(methods.confirmEmail({ email: 'another@example.com', token }), { status: 400, error: 'InvalidEmail' })
  await methods.confirmEmail({ email: email.toUpperCase(), token: token.toLowerCase() })
  assert.equal((await methods.getSession()).data.emailConfirmed, true)
  await assert.rejects(methods.confirmEmail({ email, token }), invalidToken)
})

test('an address that is not confirmed is changed without a token', async () => {
  const agent = await server.signUp('mover')
  const { server: methods } = agent.com.atproto
  assert.equal((await methods.requestEmailUpdate()).data.tokenRequired, false)
  await methods.updateEmail({ email: 'Moved@Example.com' })
  const { data } = await methods.getSession()
  assert.equal(data.email, 'moved@example.com')
  assert.equal(data.emailConfirmed, false)
  await server.login('moved@example.com', account('mover').password)
})

test('a confirmed address is changed with a token that was mailed to it', async () => {
  const agent = await server.signUp('careful')
  await server.signUp('neighbour')
  await confirm(agent)
  const { server: methods } = agent.com.atproto
  assert.equal((await methods.requestEmailUpdate()).data.tokenRequired, true)
  const token = await outbox.token(agent.session.email, 'Email Update Requested')
  const email = 'careful@example.org'
  await assert.rejects(methods.updateEmail({ email }), { status: 400, error: 'TokenRequired', message: 'confirmation token required' })
  await assert.rejects(methods.updateEmail({ email, token: 'AAAAA-AAAAA' }), invalidToken)
  await assert.rejects(methods.updateEmail({ email: 'neighbour@example.com', token }), { status: 400, message: /already in use/ })
  await methods.updateEmail({ email, token })
  const { data } = await methods.getSession()
  assert.equal(data.email, email)
  assert.equal(data.emailConfirmed, false)
})

test('a password is reset with the token that was mailed', async () => {
  const agent = await server.signUp('forgetful')
  const { email, handle } = agent.session
  const { server: methods } = server.agent().com.atproto
  await methods.requestPasswordReset({ email: email.toUpperCase() })
  const token = await outbox.token(email, 'Password Reset Requested')
  await assert.rejects(methods.resetPassword({ token: 'AAAAA-AAAAA', password: 'new' }), invalidToken)
  await methods.resetPassword({ token: token.toLowerCase(), password: 'new' })

  await assert.rejects(agent.sessionManager.refreshSession(), { status: 400, error: 'ExpiredToken' })
  await assert.rejects(server.login(handle, account('forgetful').password), { status: 401 })
  await server.login(handle, 'new')
  await assert.rejects(methods.resetPassword({ token, password: 'newer' }), invalidToken)
})

test('a reset for an address that nobody has is answered in the same way', async () => {
  const { success } = await server.agent().com.atproto.server.requestPasswordReset({ email: 'nobody@example.com' })
  assert.equal(success, true)
})

test('with the second factor a login takes a code that is mailed', async () => {
  const agent = await server.signUp('cautious')
  const { email, handle } = agent.session
  const { password } = account('cautious')
  await confirm(agent)
  const { server: methods } = agent.com.atproto
  await methods.requestEmailUpdate()
  const token = await outbox.token(email, 'Email Update Requested')
  await methods.updateEmail({ email, token, emailAuthFactor: true })
  const { data } = await methods.getSession()
  assert.equal(data.emailAuthFactor, true)
  assert.equal(data.emailConfirmed, true)

  await assert.rejects(server.login(handle, password), { status: 401, error: 'AuthFactorTokenRequired' })
  await assert.rejects(server.login(handle, 'wrong'), { status: 401, error: 'AuthenticationRequired' })
  const authFactorToken = await outbox.token(email, 'Sign In Code')
  const { session } = await server.login(handle, password, { authFactorToken })
  assert.equal(session.emailAuthFactor, true)
  await assert.rejects(server.login(handle, password, { authFactorToken }), { status: 400, error: 'InvalidToken' })
})
