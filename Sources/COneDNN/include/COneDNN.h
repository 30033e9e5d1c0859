int contrast_onednn_version(void);
