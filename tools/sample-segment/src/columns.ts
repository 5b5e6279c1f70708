/** The columns of the generated entity in the order of the CSV fields, with the types that model.json gives them. */
export const columns = [
  { name: 'CustomerId', dataType: 'string' },
  { name: 'Email', dataType: 'string' },
  { name: 'FirstName', dataType: 'string' },
  { name: 'LastName', dataType: 'string' },
  { name: 'MobilePhone', dataType: 'string' },
  { name: 'City', dataType: 'string' },
  { name: 'Country', dataType: 'string' },
  { name: 'Locale', dataType: 'string' },
  { name: 'LoyaltyPoints', dataType: 'int64' },
  { name: 'LifetimeValue', dataType: 'double' },
  { name: 'IsSubscriber', dataType: 'boolean' },
  { name: 'MemberSince', dataType: 'dateTime' },
  { name: 'Notes', dataType: 'string' },
] as const;

export type ColumnName = (typeof columns)[number]['name'];
export type SegmentRow = Record<ColumnName, string>;

/** An export's `mapping` that uses every column. */
export const sampleMapping = {
  email: 'Email',
  firstName: 'FirstName',
  lastName: 'LastName',
  phoneNumber: 'MobilePhone',
  externalId: 'CustomerId',
  locale: 'Locale',
  location: { city: 'City', country: 'Country' },
  properties: {
    'Loyalty points': 'LoyaltyPoints',
    'Lifetime value': 'LifetimeValue',
    Subscriber: 'IsSubscriber',
    'Member since': 'MemberSince',
    Notes: 'Notes',
  },
} as const;
