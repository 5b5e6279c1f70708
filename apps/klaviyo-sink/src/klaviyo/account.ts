export interface KlaviyoAccountRef {
  id: string;
  name: string;
}
