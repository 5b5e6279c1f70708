import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError } from './config-error';
import { loadConfig } from './load-config';
import {
  authSettings,
  databaseSettings,
  httpSettings,
  kafkaSettings,
  serviceSettings,
  stagingSettings,
  telemetrySettings,
  toAuthSettings,
  toKafkaSettings,
} from './settings';

const schema = serviceSettings({
  ...kafkaSettings,
  ...databaseSettings,
  ...httpSettings,
  ...authSettings,
  ...telemetrySettings,
  PORT: httpSettings.PORT.default(3001),
});

const good = {
  KAFKA_BROKERS: 'one:9092, two:9092',
  DATABASE_URL: 'postgres://user:secret@localhost/db',
  AUTH_JWKS_FILE: '/keys.json',
};

function failure(env: NodeJS.ProcessEnv): ConfigError {
  try {
    loadConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the settings were accepted');
}

describe('loadConfig', () => {
  it('gives typed settings with their defaults', () => {
    expect(loadConfig(schema, good)).toMatchObject({
      KAFKA_BROKERS: ['one:9092', 'two:9092'],
      KAFKA_SSL: false,
      PORT: 3001,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
    });
  });

  it('reports every bad setting at once, by name and reason', () => {
    const error = failure({ KAFKA_BROKERS: 'nowhere', KAFKA_SSL: 'yes', PORT: '70000', LOG_LEVEL: 'loud' });
    expect(error.settings).toEqual([
      { name: 'KAFKA_BROKERS', reason: 'must be host:port, separated by commas' },
      { name: 'KAFKA_SSL', reason: 'must be one of true, false' },
      { name: 'DATABASE_URL', reason: 'is required' },
      { name: 'PORT', reason: 'must be at most 65535' },
      { name: 'LOG_LEVEL', reason: expect.stringContaining('must be one of') },
      { name: 'AUTH_JWKS_URI', reason: 'exactly one of AUTH_JWKS_URI and AUTH_JWKS_FILE is required' },
    ]);
    expect(error.message).toContain('DATABASE_URL: is required');
  });

  it('never prints a value, not even of a bad setting', () => {
    const secret = 'hunter2-kept-private';
    const every = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, secret]));
    const error = failure(every);
    expect(error.settings.length).toBeGreaterThan(5);
    expect(error.message + JSON.stringify(error.settings) + JSON.stringify(error.context)).not.toContain(secret);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig(schema, { ...good, PORT: ' ', AUTH_JWKS_URI: '' }).PORT).toBe(3001);
  });

  it('refuses two sources of keys', () => {
    expect(failure({ ...good, AUTH_JWKS_URI: 'https://id.example/keys', AUTH_ISSUER: 'i', AUTH_AUDIENCE: 'a' }).settings).toEqual(
      [{ name: 'AUTH_JWKS_URI', reason: 'exactly one of AUTH_JWKS_URI and AUTH_JWKS_FILE is required' }],
    );
  });

  describe('keys that come from an address', () => {
    const issuer = { AUTH_ISSUER: 'https://id.example', AUTH_AUDIENCE: 'courier' };
    const keys = (AUTH_JWKS_URI: string, others: NodeJS.ProcessEnv = issuer) => {
      return { ...good, AUTH_JWKS_FILE: '', AUTH_JWKS_URI, ...others };
    };

    it.each([
      'https://id.example/keys',
      'http://localhost:3005/jwks',
      'http://127.0.0.1/jwks',
      'http://127.8.0.1:80/jwks',
      'http://[::1]:3005/jwks',
    ])('may come from %s', (uri) => {
      expect(toAuthSettings(loadConfig(schema, keys(uri)))).toEqual({
        keys: { uri },
        issuer: issuer.AUTH_ISSUER,
        audience: issuer.AUTH_AUDIENCE,
      });
    });

    it.each([
      'http://id.example/keys',
      'http://10.0.0.1/keys',
      'http://127.0.0.1.id.example/keys',
      'http://localhost.id.example/keys',
      'http://localhost@id.example/keys',
      'http://[::2]/keys',
      'ftp://localhost/keys',
    ])('never come from %s, where somebody on the way could put in keys of their own', (uri) => {
      expect(failure(keys(uri)).settings.map(({ name }) => name)).toEqual(['AUTH_JWKS_URI']);
    });

    it('open the door only to tokens of one issuer and for one audience', () => {
      const required = ['AUTH_ISSUER', 'AUTH_AUDIENCE'].map((name) => ({ name, reason: 'is required with AUTH_JWKS_URI' }));
      expect(failure(keys('https://id.example/keys', {})).settings).toEqual(required);
      expect(failure(keys('http://id.example/keys', { AUTH_ISSUER: '', AUTH_AUDIENCE: ' ' })).settings).toEqual([
        { name: 'AUTH_JWKS_URI', reason: 'must be https, except on this machine' },
        ...required,
      ]);
      const plain = loadConfig(z.object(authSettings), { AUTH_JWKS_URI: 'https://id.example/keys', AUTH_ISSUER: 'me' });
      expect(() => toAuthSettings(plain)).toThrow('AUTH_AUDIENCE: is required with AUTH_JWKS_URI');
    });
  });

  it('refuses a SASL mechanism without its credentials', () => {
    expect(failure({ ...good, KAFKA_SASL_MECHANISM: 'plain' }).settings.map(({ name }) => name)).toEqual([
      'KAFKA_SASL_MECHANISM',
    ]);
  });
});

describe('the staging area', () => {
  const staging = z.object(stagingSettings);
  const key = { STAGING_KEY_FILE: '/keys/staging' };

  it('is a folder of this machine', () => {
    const given = { STAGING_URI: 'file:///var/lib/staging', ...key };
    expect(loadConfig(staging, given)).toMatchObject(given);
  });

  it.each(['/var/lib/staging', 'file://host/staging', 'https://files.example/staging'])('is never %s', (uri) => {
    expect(() => loadConfig(staging, { STAGING_URI: uri, ...key })).toThrow(ConfigError);
  });
});

describe('the mappings', () => {
  it('make Kafka settings with and without SASL', () => {
    expect(toKafkaSettings(loadConfig(schema, good))).toEqual({ brokers: ['one:9092', 'two:9092'], ssl: false });
    const sasl = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };
    expect(toKafkaSettings(loadConfig(schema, { ...good, ...sasl })).sasl).toEqual({
      mechanism: 'plain',
      username: 'u',
      password: 'p',
    });
  });

  it('refuse ambiguous keys even when an app used a plain object schema', () => {
    expect(toAuthSettings({ AUTH_JWKS_FILE: '/keys.json', AUTH_ISSUER: 'me' })).toEqual({
      keys: { file: '/keys.json' },
      issuer: 'me',
    });
    const plain = loadConfig(z.object(authSettings), {});
    expect(() => toAuthSettings(plain)).toThrow(ConfigError);
  });
});
