/** What an administrator agrees to. A changed text is a new version, because who agreed to which text is kept. */
export const consentText = {
  version: '2026-11',
  text:
    'I agree that profiles of the selected segments are transferred to Klaviyo at our instruction. We have checked Klaviyo’s data privacy ' +
    'and compliance, and have the consent of the people concerned. An administrator can remove the connection at any time.',
};
