from eventsim.formats.kernels import kernel


def test_a_kernel_lets_other_threads_run():
    @kernel
    def one(a):
        return a + 1

    assert one(2) == 3
    assert one.targetoptions["nogil"]
