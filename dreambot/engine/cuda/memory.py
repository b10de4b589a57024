"""Memory of devices: how torch reports that it is used up, and when cached memory is given back."""

import torch

_OUT_OF_MEMORY = (
    "out of memory",  # CUDA error: out of memory; MPS backend out of memory
    "status_alloc_failed",  # CUDNN_STATUS_ALLOC_FAILED, CUBLAS_STATUS_ALLOC_FAILED
    "allocation_failed",  # CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED
    "can't allocate memory",  # the CPU on Linux and macOS
    "not enough memory",  # the CPU on Windows
)

_capture_failed = False


def is_out_of_memory(error: BaseException) -> bool:
    """Returns whether an error says that the memory of the device or of the host is used up.

    Only torch's own allocator for CUDA raises a type of its own. Its libraries and other devices raise a
    RuntimeError, which is recognised by its text.

    Args:
        error: The error.
    """
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    text = str(error).casefold()
    return isinstance(error, RuntimeError) and any(words in text for words in _OUT_OF_MEMORY)


def note_failed_capture() -> None:
    """Records that the capture of a CUDA graph failed in this process.

    After that, `torch.cuda.empty_cache` of older versions of torch ends with an internal error. A capture
    calls it too, so there are no more captures either.
    """
    global _capture_failed
    _capture_failed = True


def captures_work() -> bool:
    """Returns whether no capture has failed in this process."""
    return not _capture_failed


def release_memory(device: torch.device) -> None:
    """Gives cached memory back to the driver, if the device is a CUDA device and no capture has failed.

    Args:
        device: The device.
    """
    if device.type == "cuda" and captures_work():
        torch.cuda.empty_cache()
