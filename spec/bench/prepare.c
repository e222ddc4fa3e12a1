/* SPDX-License-Identifier: MIT
   What becomes of a document before it is queued, and its peers: `prepare
   FILE.tif FILE.ps` converts the PostScript by the library and by Ghostscript
   alone, and reads and copies the TIFF/F safely with nothing around it. */
#include "bench.h"

#include <errno.h>
#include <fax/fax_service.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../c/pages.h"

#define DOCUMENTS 10

static const char *folder;
static char output[FOLDER_SIZE + 16], final[FOLDER_SIZE + 16];

static void need_system(bool ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "prepare: %s: %s\n", what, strerror(errno));
  exit(1);
}

static unsigned convert(const char *file) {
  struct fax_render render = {
      .size = sizeof render, .files = &file, .file_count = 1, .output = output};
  struct fax_rendered *rendered;
  bench_need(FaxRenderDocument(&render, &rendered), file);
  unsigned pages = rendered->page_count;
  FaxFreeBuffer(rendered);
  unlink(output);
  return pages;
}

static void convert_bare(const char *file) {
  char option[96];
  int status;
  snprintf(option, sizeof option, "-sOutputFile=%s", output);
  pid_t child = fork();
  need_system(child >= 0, "fork");
  if (child == 0) {
    execlp("gs", "gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE",
           "-sDEVICE=tiffg4", "-r204x196", option, file, (char *)NULL);
    _exit(127);
  }
  need_system(waitpid(child, &status, 0) == child, "waitpid");
  if (status == 0) return;
  fprintf(stderr, "prepare: gs failed\n");
  exit(1);
}

static void read_rows(const char *file, unsigned pages) {
  for (unsigned i = 0; i < pages; i++) {
    uint32_t height;
    uint8_t *pixels = pages_read(file, i, &height);
    need_system(pixels != NULL, file);
    free(pixels);
  }
}

static void copy_safely(const char *file) {
  char buffer[65536];
  ssize_t n;
  int from = open(file, O_RDONLY | O_CLOEXEC);
  int to = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  need_system(from >= 0 && to >= 0 && dir >= 0, "open");
  while ((n = read(from, buffer, sizeof buffer)) > 0)
    need_system(write(to, buffer, (size_t)n) == n, "write");
  need_system(fsync(to) == 0 && close(to) == 0, "fsync");
  need_system(rename(output, final) == 0 && fsync(dir) == 0, "rename");
  close(from);
  close(dir);
}

int main(int argc, char **argv) {
  unsigned pages = argc == 3 ? pages_count(argv[1]) : 0;
  if (pages == 0) {
    fprintf(stderr, "usage: prepare FILE.tif FILE.ps\n");
    return 2;
  }
  folder = bench_folder();
  snprintf(output, sizeof output, "%s/new.tif", folder);
  snprintf(final, sizeof final, "%s/final.tif", folder);

  struct bench_cost from = bench_now();
  unsigned converted = convert(argv[2]);
  struct bench_cost cost = bench_since(from);
  printf("convert_cpu_per_page %.9f\n", (cost.own + cost.children) / converted);
  from = bench_now();
  convert_bare(argv[2]);
  cost = bench_since(from);
  printf("convert_bare_cpu_per_page %.9f\n", cost.children / converted);

  from = bench_now();
  for (int i = 0; i < DOCUMENTS; i++) {
    read_rows(argv[1], pages);
    copy_safely(argv[1]);
  }
  cost = bench_since(from);
  printf("copy_cpu_per_page %.9f\n", cost.own / DOCUMENTS / pages);
  printf("copy_wall_per_document %.9f\n", cost.wall / DOCUMENTS);
  return 0;
}
