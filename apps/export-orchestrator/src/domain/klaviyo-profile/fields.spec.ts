import { describe, expect, it } from '@jest/globals';
import { mappedFields } from './fields';

describe('mappedFields', () => {
  it('gives every field of a mapping its Klaviyo name', () => {
    const fields = mappedFields({
      email: 'E',
      firstName: 'A',
      lastName: 'B',
      phoneNumber: 'C',
      externalId: 'D',
      organization: 'F',
      title: 'G',
      locale: 'H',
      image: 'I',
      location: { address1: 'J', address2: 'K', city: 'L', region: 'M', country: 'N', zip: 'O', timezone: 'P' },
      properties: { tier: 'Q' },
    });
    expect(fields.map(({ group, name, column }) => `${group}.${name}=${column}`).sort()).toEqual([
      'attributes.external_id=D',
      'attributes.first_name=A',
      'attributes.image=I',
      'attributes.last_name=B',
      'attributes.locale=H',
      'attributes.organization=F',
      'attributes.phone_number=C',
      'attributes.title=G',
      'location.address1=J',
      'location.address2=K',
      'location.city=L',
      'location.country=N',
      'location.region=M',
      'location.timezone=P',
      'location.zip=O',
      'properties.tier=Q',
    ]);
  });

  it('does not depend on the order of the properties', () => {
    const of = (properties: Record<string, string>): object => mappedFields({ email: 'E', properties });
    expect(of({ b: 'B', a: 'A' })).toEqual(of({ a: 'A', b: 'B' }));
  });

  it('is empty for a mapping of the e-mail alone', () => {
    expect(mappedFields({ email: 'E' })).toEqual([]);
  });
});
