// Links that open the phone's own eSIM installer with the code filled in (iOS 17.4, Android with Play services 25.14, and newer).

/** The two installer links for an activation code. */
export function installLinks(activationCode: string): { ios: string; android: string } {
  const cardData = encodeURIComponent(activationCode);
  return {
    ios: `https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=${cardData}`,
    android: `https://esimsetup.android.com/esim_qrcode_provisioning?carddata=${cardData}`,
  };
}
