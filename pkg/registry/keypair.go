package registry

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// checkKeyPair refuses what can never sign in: texts that are no PEM, keys that
// are not RSA (Entra accepts no other), and a key of another certificate.
func checkKeyPair(certificate, key string) error {
	bad := func(field, message string) error {
		return fault.InvalidInput("The certificate and its private key cannot be used.").At("body.credential."+field, message)
	}
	block, _ := pem.Decode([]byte(certificate))
	if block == nil || block.Type != "CERTIFICATE" {
		return bad("certificate_pem", "is not a PEM certificate")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return bad("certificate_pem", "is not a PEM certificate")
	}
	private, err := parseKey(key)
	if err != nil {
		return bad("private_key_pem", "is not an unencrypted PEM private key of RSA")
	}
	public, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok || !public.Equal(private.Public()) {
		return bad("private_key_pem", "does not belong to the certificate")
	}
	return nil
}

func parseKey(text string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, x509.ErrUnsupportedAlgorithm
	}
	if k, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return k, nil
	}
	var k crypto.PrivateKey
	k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	if rsaKey, ok := k.(*rsa.PrivateKey); ok {
		return rsaKey, nil
	}
	return nil, x509.ErrUnsupportedAlgorithm
}
