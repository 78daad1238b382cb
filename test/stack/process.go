package stack

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"

	"github.com/tenantatlas/tenantatlas/pkg/app"
)

// patience is how long a process may take to start or to end.
const patience = 30 * time.Second

// Process is one process of a stack: inside the test process, or a program of
// its own.
type Process struct {
	stack   *Stack
	options Options
	role    app.Role
	address string
	inside  *app.App       // nil for a program
	program *gexec.Session // nil inside
	extra   []string       // environment of the next start
}

func (s *Stack) process(ctx context.Context, o Options, role app.Role) *Process {
	GinkgoHelper()
	p := &Process{stack: s, options: o, role: role}
	p.Start(ctx)
	DeferCleanup(func(ctx context.Context) { p.Stop(ctx) })
	return p
}

// Address is host:port of a process that is an API.
func (p *Process) Address() string { return p.address }

// Start starts the process, also again after Stop or Kill.
func (p *Process) Start(ctx context.Context) {
	GinkgoHelper()
	if p.options.Separate {
		p.startProgram()
		return
	}
	settings, err := app.ReadSettings(lookup(p.stack.env))
	Expect(err).NotTo(HaveOccurred())
	p.inside, err = app.New(ctx, app.Config{
		Settings: settings, Roles: p.role, Logger: p.stack.logger("product"), Version: "spec", Hook: p.options.Hook,
	})
	Expect(err).NotTo(HaveOccurred())
	Expect(p.inside.Start()).To(Succeed())
	p.address = p.inside.Address()
}

// DieAt makes the next start of a program end itself, like kill -9, when it
// meets the instant for the nth time.
func (p *Process) DieAt(point string) { p.extra = []string{"TENANTATLAS_FAULT_AT=" + point} }

func (p *Process) startProgram() {
	GinkgoHelper()
	verb := map[app.Role]string{app.RoleAPI: "serve", app.RoleWorker: "worker"}[p.role]
	Expect(verb).NotTo(BeEmpty(), "a program is an API or a worker")
	cmd := exec.Command(program(), verb)
	cmd.Env = append(os.Environ(), p.extra...)
	p.extra = nil
	for name, value := range p.stack.env {
		cmd.Env = append(cmd.Env, app.EnvPrefix+name+"="+value)
	}
	var err error
	p.program, err = gexec.Start(cmd, p.stack.logs, p.stack.logs)
	Expect(err).NotTo(HaveOccurred())
	Eventually(p.program.Err, patience).Should(gbytes.Say(`"msg":"started"`))
	if p.role == app.RoleAPI {
		Eventually(p.program.Out, patience).Should(gbytes.Say(`http://\S+\n`))
		p.address = strings.TrimSpace(strings.TrimPrefix(string(p.program.Out.Contents()), "http://"))
	}
}

// Kill ends a program at once, like a lost machine.
func (p *Process) Kill() {
	GinkgoHelper()
	Expect(p.program).NotTo(BeNil(), "only a program can be killed; use Options.Separate")
	p.program.Kill().Wait(patience)
}

// Signal sends a program a signal, e.g. SIGSTOP.
func (p *Process) Signal(s syscall.Signal) {
	GinkgoHelper()
	Expect(p.program).NotTo(BeNil(), "only a program can be signalled; use Options.Separate")
	p.program.Signal(s)
}

// Exited is closed when a program has ended; for Eventually with DieAt.
func (p *Process) Exited() <-chan struct{} { return p.program.Exited }

// Stop ends the process gracefully. A process that has ended is left alone.
func (p *Process) Stop(ctx context.Context) {
	GinkgoHelper()
	if p.program != nil && p.program.ExitCode() == -1 {
		p.program.Signal(syscall.SIGCONT).Terminate().Wait(patience)
	}
	if p.inside != nil {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		Expect(p.inside.Stop(stopping)).To(Succeed())
		p.inside = nil
	}
}

// program is the product, built once per test process, able to end itself.
var program = sync.OnceValue(func() string {
	GinkgoHelper()
	path, err := gexec.Build("github.com/tenantatlas/tenantatlas/cmd/tenantatlas", "-tags=faulthooks")
	Expect(err).NotTo(HaveOccurred())
	return path
})

func cleanPrograms() { gexec.CleanupBuildArtifacts() }
