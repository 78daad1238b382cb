package embedded_test

import (
	"net"
	"os/exec"
	"strconv"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/redis/go-redis/v9"

	"github.com/tenantatlas/tenantatlas/pkg/embedded"
)

func connect(queue *embedded.Queue) *redis.Client {
	GinkgoHelper()
	options, err := redis.ParseURL(queue.URL())
	Expect(err).NotTo(HaveOccurred())
	client := redis.NewClient(options)
	DeferCleanup(client.Close)
	return client
}

var _ = Describe("The queue server", func() {
	for _, kind := range []string{embedded.KindServer, embedded.KindInProcess} {
		Describe(kind, func() {
			var config embedded.QueueConfig

			BeforeEach(func() {
				if kind == embedded.KindServer {
					if _, err := exec.LookPath("redis-server"); err != nil {
						if _, err := exec.LookPath("valkey-server"); err != nil {
							Skip("no redis-server or valkey-server on the PATH")
						}
					}
				}
				config = embedded.QueueConfig{PreferServer: kind == embedded.KindServer}
			})

			It("keeps entries until they expire or are flushed, and only for those with the password", func(ctx SpecContext) {
				queue, err := embedded.StartQueue(ctx, config)
				Expect(err).NotTo(HaveOccurred())
				DeferCleanup(func(ctx SpecContext) { Expect(queue.Stop(ctx)).To(Succeed()) })
				Expect(queue.Kind()).To(Equal(kind))
				client := connect(queue)
				Expect(client.Set(ctx, "stays", "1", 0).Err()).To(Succeed())
				Expect(client.Set(ctx, "goes", "1", 200*time.Millisecond).Err()).To(Succeed())
				Eventually(func() int64 { return client.Exists(ctx, "goes").Val() }).WithContext(ctx).Should(BeZero())
				Expect(client.Exists(ctx, "stays").Val()).To(BeEquivalentTo(1))
				Expect(client.FlushAll(ctx).Err()).To(Succeed())
				Expect(client.DBSize(ctx).Val()).To(BeZero())

				stranger := redis.NewClient(&redis.Options{Addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(queue.Port()))})
				DeferCleanup(stranger.Close)
				Expect(stranger.Get(ctx, "stays").Err()).To(MatchError(ContainSubstring("NOAUTH")))
			})

			It("runs beside another one and stops for good", func(ctx SpecContext) {
				one, err := embedded.StartQueue(ctx, config)
				Expect(err).NotTo(HaveOccurred())
				other, err := embedded.StartQueue(ctx, config)
				Expect(err).NotTo(HaveOccurred())
				DeferCleanup(func(ctx SpecContext) { Expect(other.Stop(ctx)).To(Succeed()) })
				Expect(one.Stop(ctx)).To(Succeed())
				Expect(one.Done()).To(BeClosed())
				Expect(one.Err()).NotTo(HaveOccurred())
				Expect(one.Stop(ctx)).To(Succeed(), "stopping twice")
				Expect(connect(one).Ping(ctx).Err()).To(HaveOccurred())
				Expect(connect(other).Ping(ctx).Err()).NotTo(HaveOccurred())
			})

			It("names a taken port", func(ctx SpecContext) {
				queue, err := embedded.StartQueue(ctx, config)
				Expect(err).NotTo(HaveOccurred())
				DeferCleanup(func(ctx SpecContext) { Expect(queue.Stop(ctx)).To(Succeed()) })
				config.Port = queue.Port()
				_, err = embedded.StartQueue(ctx, config)
				Expect(err).To(MatchError(embedded.ErrPortTaken))
			})
		})
	}
})
