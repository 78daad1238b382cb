package graphsim

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// ListenTLS serves https on addr ("127.0.0.1:0" picks a port) with a
// certificate of a throw-away authority, until ctx ends or Close is called. It
// returns the origin and the authority's certificate in PEM.
func (s *Server) ListenTLS(ctx context.Context, addr string) (origin string, caPEM []byte, err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", nil, err
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return "", nil, errors.Join(err, listener.Close())
	}
	cert, caPEM, err := s.certificate(host)
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("certificate: %w", err), listener.Close())
	}
	server := &http.Server{
		Handler:           s.Handler(),
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12},
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0),
		// No HTTP/2: faults have to reset the connection itself.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	s.mu.Lock()
	s.servers = append(s.servers, server)
	s.mu.Unlock()
	go s.run(server, listener)
	context.AfterFunc(ctx, func() {
		s.end() // hanging answers would hold the listener open
		if err := stop(ctx, server); err != nil {
			s.log.ErrorContext(ctx, "listener not closed", "error", err)
		}
	})
	return "https://" + listener.Addr().String(), caPEM, nil
}

func (s *Server) run(server *http.Server, listener net.Listener) {
	if err := server.ServeTLS(listener, "", ""); err != nil && !errors.Is(err, http.ErrServerClosed) {
		s.log.Error("listener ended", "error", err)
	}
}

// stop lets answers under way finish for a moment, though ctx has ended.
func stop(ctx context.Context, server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return server.Close()
	}
	return nil
}

// certificate is a server certificate and its authority's PEM. With a data
// directory the authority is kept, so that a restart is trusted.
func (s *Server) certificate(host string) (tls.Certificate, []byte, error) {
	caCert, caKey, caPEM, err := s.authority()
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	template := certTemplate("graphsim")
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	template.DNSNames = []string{"localhost"}
	template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = append(template.IPAddresses, ip)
	} else if host != "" {
		template.DNSNames = append(template.DNSNames, host)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, caCert, &key.PublicKey, caKey)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	return tls.Certificate{Certificate: [][]byte{der, caCert.Raw}, PrivateKey: key}, caPEM, nil
}

func certTemplate(name string) *x509.Certificate {
	// Certificates are judged by the clients' clocks, hence not s.clock.
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(365 * 24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
	}
}

func (s *Server) authority() (*x509.Certificate, *ecdsa.PrivateKey, []byte, error) {
	file := ""
	if s.cfg.DataDir != "" {
		file = dataFile(s.cfg.DataDir, "authority.pem")
		if data, err := os.ReadFile(filepath.Clean(file)); err == nil {
			return parseAuthority(data)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, nil, err
	}
	template := certTemplate("graphsim throw-away authority")
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, nil, nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, nil, err
	}
	var both bytes.Buffer
	both.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	both.Write(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}))
	if file != "" {
		if err := os.WriteFile(file, both.Bytes(), 0o600); err != nil {
			return nil, nil, nil, err
		}
	}
	return parseAuthority(both.Bytes())
}

func parseAuthority(data []byte) (*x509.Certificate, *ecdsa.PrivateKey, []byte, error) {
	certBlock, rest := pem.Decode(data)
	keyBlock, _ := pem.Decode(rest)
	if certBlock == nil || keyBlock == nil {
		return nil, nil, nil, errors.New("authority file is not usable")
	}
	cert, err := x509.ParseCertificate(certBlock.Bytes)
	if err != nil {
		return nil, nil, nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(keyBlock.Bytes)
	if err != nil {
		return nil, nil, nil, err
	}
	key, isECDSA := parsed.(*ecdsa.PrivateKey)
	if !isECDSA {
		return nil, nil, nil, errors.New("authority key is not usable")
	}
	return cert, key, pem.EncodeToMemory(certBlock), nil
}
