package queue_test

import (
	"context"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/store/storetest"
)

func TestQueue(t *testing.T) {
	if isVictim() {
		beVictim(t)
		return
	}
	RegisterFailHandler(Fail)
	RunSpecs(t, "Queue")
}

var _ = AfterSuite(func(ctx context.Context) { Expect(storetest.StopShared(ctx)).To(Succeed()) })
