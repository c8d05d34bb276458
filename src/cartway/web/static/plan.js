// A plan that is being worked out: look again every two seconds. Without this, the link does it.
if (document.querySelector("[data-working]")) setTimeout(() => location.reload(), 2000);
