package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

const directory = "aaaaaaaa-0000-4000-8000-00000000000a"

var _ = Describe("graphsim", func() {
	It("writes its authority once it listens, serves its tenants, and stops cleanly", func() {
		dir := GinkgoT().TempDir()
		caFile := filepath.Join(dir, "ca.pem")
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		out, in, err := os.Pipe()
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(out.Close)
		done := make(chan error, 1)
		go func() {
			done <- run(ctx, in, []string{
				"--listen", "127.0.0.1:0", "--ca-file", caFile, "--data-dir", filepath.Join(dir, "data"), "--fresh-ids",
				"--tenant", directory + "=../../pkg/graphsim/testdata/contoso", "--faults", `[{"mode":"slow","path_prefix":"/nowhere"}]`,
			})
			Expect(in.Close()).To(Succeed())
		}()
		Eventually(caFile, 10*time.Second).Should(BeAnExistingFile())
		pem, err := os.ReadFile(filepath.Clean(caFile))
		Expect(err).NotTo(HaveOccurred())
		roots := x509.NewCertPool()
		Expect(roots.AppendCertsFromPEM(pem)).To(BeTrue())

		line := make([]byte, 256)
		n, err := out.Read(line)
		Expect(err).NotTo(HaveOccurred())
		url := string(line[:n-1])
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
		DeferCleanup(client.CloseIdleConnections)
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/_sim/objects?collection=configurationPolicies&directory="+directory, nil)
		Expect(err).NotTo(HaveOccurred())
		res, err := client.Do(req)
		Expect(err).NotTo(HaveOccurred())
		body, err := io.ReadAll(res.Body)
		Expect(err).NotTo(HaveOccurred())
		Expect(res.Body.Close()).To(Succeed())
		var answer struct{ Items []map[string]any }
		Expect(json.Unmarshal(body, &answer)).To(Succeed())
		Expect(answer.Items).To(HaveLen(3))

		stop()
		Eventually(done, 10*time.Second).Should(Receive(BeNil()))
	})

	DescribeTable("refuses", func(args ...string) {
		Expect(run(context.Background(), io.Discard, args)).NotTo(Succeed())
	},
		Entry("a directory that is no GUID", "--tenant", "contoso=."),
		Entry("a folder that is not there", "--tenant", directory+"=nowhere"),
		Entry("an unknown fault", "--faults", `[{"mode":"x"}]`),
		Entry("broken faults", "--faults", `{`),
		Entry("an argument without flag", "serve"),
	)
})
