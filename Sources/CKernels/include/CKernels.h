int contrast_kernels_version(void);
