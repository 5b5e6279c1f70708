import { describe, expect, it } from '@jest/globals';
import { mappingSchema } from '@courier/contracts';
import { readMapping } from './mapping-options';
import { OpsError } from './ops-error';

describe('readMapping', () => {
  it('puts fields, places and properties where Klaviyo keeps them', () => {
    const mapping = readMapping('Email', [
      'firstName=First',
      'location.city=City',
      'properties.Tier=Level',
      'properties.a.b=x=y',
    ]);
    expect(mapping).toEqual({
      email: 'Email',
      firstName: 'First',
      location: { city: 'City' },
      properties: { Tier: 'Level', 'a.b': 'x=y' },
    });
    expect(mappingSchema.safeParse(mapping).success).toBe(true);
  });

  it('holds nothing that was not asked for', () => {
    expect(readMapping('Email', [])).toEqual({ email: 'Email' });
  });

  it.each([
    ['nickname=N', 'nickname is no Klaviyo field'],
    ['location.planet=P', 'location.planet is no Klaviyo field'],
    ['email=Mail', 'email is no Klaviyo field'],
    ['location=City', 'location is no Klaviyo field'],
    ['firstName', 'field=column'],
    ['firstName=', 'field=column'],
  ])('refuses %s', (pair, why) => {
    const read = () => readMapping('Email', [pair]);
    expect(read).toThrow(OpsError);
    try {
      read();
    } catch (error) {
      expect((error as OpsError).why).toContain(why);
      expect((error as OpsError).exitCode).toBe(1);
    }
  });

  it('refuses a field that is mapped twice', () => {
    expect(() => readMapping('Email', ['properties.T=a', 'properties.T=b'])).toThrow(/cannot be used/);
  });
});
