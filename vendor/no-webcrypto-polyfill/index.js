// fhirclient's polyfill of WebCrypto brings React Native and Expo with it (700 packages); Node has had WebCrypto since 19.
exports.default = globalThis.crypto;
